import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { HubUser, Identify } from './identity.js';

const FOR_READS = 30_000;
const FOR_WRITES = 2000;
const MOST = 5000;

/** SHA-256 of a token, hex: what may be kept of it in memory. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Asks with a memory: an answer serves reads for 30 s and writes for 2 s, so that a withdrawn token soon changes nothing. */
export function cachedIdentity(
  identify: Identify,
  clock: Clock
): (token: string, write: boolean) => Promise<HubUser | undefined> {
  const known = new Map<string, { readonly at: number; readonly user: HubUser | undefined }>();
  return async (token, write) => {
    const key = tokenHash(token);
    const hit = known.get(key);
    const age = clock.now() - (hit?.at ?? -Infinity);
    if (hit && age >= 0 && age < (write ? FOR_WRITES : FOR_READS)) return hit.user;
    const user = await identify(token);
    known.delete(key);
    known.set(key, { at: clock.now(), user });
    for (const oldest of known.keys()) if (known.size > MOST) known.delete(oldest);
    return user;
  };
}
