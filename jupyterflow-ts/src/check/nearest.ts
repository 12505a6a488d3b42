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
    const far = distance(word.toLowerCase(), name.toLowerCase());
    if (
      far < name.length &&
      far <= Math.max(1, Math.floor(name.length * 0.4)) &&
      (best === undefined || far < best.far)
    )
      best = { name, far };
  }
  return best?.name;
}

/** A hint with the nearest name, when there is one. */
export function didYouMean(close: string | undefined): string | undefined {
  return close === undefined ? undefined : `Did you mean \`${close}\`?`;
}
