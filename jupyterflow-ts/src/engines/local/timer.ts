/** Longest time that one timer of Node can be set to, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Calls `due` after that many milliseconds, also after months. Returns what cancels it. */
export function after(milliseconds: number, due: () => void): () => void {
  let timer: NodeJS.Timeout;
  const set = (left: number): void => {
    timer = setTimeout(() => (left > LONGEST ? set(left - LONGEST) : due()), Math.min(left, LONGEST));
  };
  set(milliseconds);
  return () => clearTimeout(timer);
}

/** Seconds in words, for reasons: `10 s`. */
export function inWords(seconds: number): string {
  return `${seconds} s`;
}
