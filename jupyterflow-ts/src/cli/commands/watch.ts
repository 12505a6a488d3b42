import { followRun, type WaitFlags } from '../follow.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';

export interface WatchFlags extends BackendFlags, WaitFlags {}

/** Shows a run until it ends. */
export async function watch(reference: string, flags: WatchFlags): Promise<number> {
  const backend = await openBackend(flags);
  return followRun(backend, await backend.find(reference), flags);
}
