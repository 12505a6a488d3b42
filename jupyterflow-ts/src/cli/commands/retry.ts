import { followStarted, type StartFlags } from '../follow-started.js';
import { openBackend } from '../open-backend.js';

export interface RetryFlags extends StartFlags {
  readonly from?: readonly string[];
}

/** Goes on with a finished run: what did not succeed runs again. */
export async function retry(reference: string, flags: RetryFlags): Promise<number> {
  const backend = await openBackend(flags);
  const { id } = await backend.find(reference);
  const from = (flags.from ?? []).flatMap(names => names.split(',')).filter(name => name !== '');
  return followStarted(backend, await backend.retry(id, { from }), flags);
}
