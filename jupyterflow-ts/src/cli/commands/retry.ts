import { hasJob, unknownJob } from '../backend.js';
import { followStarted, type StartFlags } from '../follow-started.js';
import { openBackend } from '../open-backend.js';

export interface RetryFlags extends StartFlags {
  readonly from?: readonly string[];
}

/** Goes on with a finished run: what did not succeed runs again. */
export async function retry(reference: string, flags: RetryFlags): Promise<number> {
  const backend = await openBackend(flags);
  const run = await backend.find(reference);
  const from = (flags.from ?? []).flatMap(names => names.split(',')).filter(name => name !== '');
  for (const name of from) if (!hasJob(run, name)) throw unknownJob(run, name);
  return followStarted(backend, await backend.retry(run.id, { from }), flags);
}
