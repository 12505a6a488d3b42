import type { Refusal } from '../ledger.js';
import type { RunRecord } from '../state.js';
import { refuse } from './decision.js';
import { read, type Reading } from './reads.js';

/** The run, if there is one. */
export function* findRun(id: string): Reading<RunRecord | Refusal> {
  const run = yield* read('run', id);
  return run ?? refuse('UNKNOWN_RUN', `There is no run ${id}. Look its id up in the list of runs.`);
}
