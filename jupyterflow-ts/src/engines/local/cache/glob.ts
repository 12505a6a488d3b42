/**
 * Whether a path matches a pattern of names in which `*` stands for any text, `?` for one character, and a name `**` for
 * any number of names. Patterns and paths are others', so this takes no longer than their lengths multiplied, which no
 * translation to a regular expression does.
 */
export function matches(pattern: string, path: string): boolean {
  return matchAll(pattern.split('/'), path.split('/'), part => part === '**', matchName);
}

export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

function matchName(pattern: string, name: string): boolean {
  // Names that begin with a dot are hidden, as in a shell.
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  return matchAll(
    Array.from(pattern),
    Array.from(name),
    part => part === '*',
    (part, character) => part === '?' || part === character
  );
}

/** Goes back to the last wildcard alone: what an earlier one could take more of, the last one can too. */
function matchAll<T>(
  pattern: readonly T[],
  text: readonly T[],
  isWild: (part: T) => boolean,
  matchOne: (part: T, of: T) => boolean
): boolean {
  let [at, from] = [0, 0];
  let [wild, taken] = [-1, 0];
  while (from < text.length) {
    const part = pattern[at];
    const of = text[from] as T;
    if (part !== undefined && isWild(part)) {
      [wild, taken] = [at, from];
      at += 1;
    } else if (part !== undefined && matchOne(part, of)) {
      at += 1;
      from += 1;
    } else if (wild >= 0) {
      taken += 1;
      [at, from] = [wild + 1, taken];
    } else return false;
  }
  return pattern.slice(at).every(isWild);
}
