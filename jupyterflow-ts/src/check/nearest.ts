import { distance } from 'fastest-levenshtein';

/** Among more names than this a guess helps nobody, and each costs time. */
const MOST = 200;
/** Longer words are no slips of the keyboard. */
const LONGEST = 100;
/** So many diagnostics are read at most: after them a rule need not guess any more. */
export const MOST_GUESSES = 1000;

/** The known word that a mistyped one most likely stands for; none when nothing is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length > MOST || word.length > LONGEST) return undefined;
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const name of known) {
    const far = isAnagram(word, name) ? 1 : distance(word.toLowerCase(), name.toLowerCase());
    if (
      far < name.length &&
      far <= Math.max(1, Math.floor(name.length * 0.4)) &&
      (best === undefined || far < best.far)
    )
      best = { name, far };
  }
  return best?.name;
}

/** Letters in another order are one slip: `nmae`. */
function isAnagram(a: string, b: string): boolean {
  return a.length === b.length && sorted(a) === sorted(b);
}

function sorted(word: string): string {
  return Array.from(word.toLowerCase()).sort().join('');
}

/** Names that a hint lists at most. */
const MOST_LISTED = 10;

/** A hint with the nearest name; when none is near, with all of them, each once: `Jobs of this file: a, b.` */
export function nearestOrAll(word: string, known: readonly string[], what: string): string | undefined {
  const near = didYouMean(nearest(word, known));
  if (near !== undefined || known.length === 0) return near;
  const more = known.length > MOST_LISTED ? ` and ${known.length - MOST_LISTED} more` : '';
  return `${what}: ${known.slice(0, MOST_LISTED).join(', ')}${more}.`;
}

/** A hint with the nearest name, when there is one. */
export function didYouMean(close: string | undefined): string | undefined {
  return close === undefined ? undefined : `Did you mean \`${close}\`?`;
}
