import { setTimeout as pause } from 'node:timers/promises';
import type { Backend, RunView } from './backend.js';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 1000;

/** The run now and after each look at it, until it has ended or the signal aborts. */
export async function* watchRun(backend: Backend, first: RunView, signal: AbortSignal): AsyncGenerator<RunView> {
  let wait = FIRST_WAIT_MS;
  for (let run = first; ; run = await backend.get(run.id)) {
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

export function isOver(run: RunView): boolean {
  return run.state !== 'Pending' && run.state !== 'Running';
}
