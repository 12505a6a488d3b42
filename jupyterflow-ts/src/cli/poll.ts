import { setTimeout as pause } from 'node:timers/promises';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;

/** Looks again and again, less and less often, until what it sees is right; undefined when the signal aborts before. */
export async function pollUntil<T>(
  look: () => Promise<T>,
  isRight: (seen: T) => boolean,
  signal: AbortSignal
): Promise<T | undefined> {
  try {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
      const seen = await look();
      if (isRight(seen)) return seen;
      await pause(wait, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
