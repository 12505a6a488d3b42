import type { LeaseRecord } from '../state.js';

/** A lease that ended now, and why if that was said. */
export function ended(
  lease: LeaseRecord,
  state: 'released' | 'revoked' | 'denied',
  now: number,
  reason: string | undefined
): LeaseRecord {
  return { ...lease, state, endedAt: now, ...(reason === undefined ? {} : { reason }) };
}
