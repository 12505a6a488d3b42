import { setTimeout as pause } from 'node:timers/promises';
import type { Backend, RunView } from './backend.js';
import { EXIT, Failure } from './failure.js';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 1000;
/** Looks in a row that may fail because the platform can't be reached. */
const PATIENCE = 10;

/** The run now and after each look at it, until it has ended or the signal aborts. */
export async function* watchRun(backend: Backend, first: RunView, signal: AbortSignal): AsyncGenerator<RunView> {
  let wait = FIRST_WAIT_MS;
  let failures = 0;
  const look = async (run: RunView): Promise<RunView> => {
    try {
      const now = await orAborted(backend.get(run.id, signal), signal);
      failures = 0;
      return now;
    } catch (error) {
      if (signal.aborted) return run;
      failures += 1;
      // A platform that is started again must not end a wait for its runs.
      if (!(error instanceof Failure) || error.exit !== EXIT.unreachable || failures > PATIENCE) throw error;
      return run;
    }
  };
  for (let run = first; ; run = await look(run)) {
    if (signal.aborted) return;
    yield run;
    if (isOver(run)) return;
    try {
      await pause(wait, undefined, { signal });
    } catch {
      return;
    }
    wait = Math.min(wait * 1.2, LONGEST_WAIT_MS);
  }
}

/** Nobody waits for a slow answer after Ctrl-C. */
async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const left = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: left.signal });
  });
  return Promise.race([answer, aborted]).finally(() => left.abort());
}

export function isOver(run: RunView): boolean {
  return run.state !== 'Pending' && run.state !== 'Running';
}
