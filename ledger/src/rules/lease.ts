import type { Refusal } from '../ledger.js';
import { leaseState, type DatasetRecord, type LeaseRecord } from '../state.js';
import { refuse, type Given } from './decision.js';
import { read, type Reading } from './reads.js';
import { time } from './wording.js';

/** The lease, if there is one. */
export function* findLease(id: string): Reading<LeaseRecord | Refusal> {
  const lease = yield* read('lease', id);
  return lease ?? refuse('UNKNOWN_LEASE', `There is no lease ${id}. Look its id up in the list of your leases.`);
}

/** The dataset of a lease: it is there, for none is ever removed. */
export function* datasetOf(lease: LeaseRecord): Reading<DatasetRecord> {
  const dataset = yield* read('dataset', lease.dataset);
  if (dataset === undefined) {
    throw new Error(`the state has lease ${lease.id} but not its dataset ${lease.dataset}`);
  }
  return dataset;
}

/** Refuses whoever does not hold the lease: the same person of the same organization. */
export function holderProblem(lease: LeaseRecord, given: Given): Refusal | undefined {
  return isHolder(lease, given)
    ? undefined
    : refuse('NOT_HOLDER', `Lease ${lease.id} is held by another; only its holder may do this.`);
}

export function isHolder(lease: LeaseRecord, given: Given): boolean {
  return lease.organization === given.organization && lease.user === given.user;
}

/** Refuses whoever does not own the dataset of the lease. */
export function ownerProblem(lease: LeaseRecord, given: Given): Refusal | undefined {
  return lease.owner === given.organization
    ? undefined
    : refuse('NOT_OWNER', `Lease ${lease.id} is of a dataset of ${lease.owner}; only that organization may do this.`);
}

/** Refuses a lease that is in none of the states asked for. */
export function stateProblem(
  lease: LeaseRecord,
  wanted: readonly LeaseRecord['state'][],
  now: number
): Refusal | undefined {
  const state = leaseState(lease, now);
  if (state === 'expired') {
    return refuse('EXPIRED', `Lease ${lease.id} expired at ${time(lease.expiresAt ?? now)}. Request a new one.`);
  }
  if (wanted.includes(state)) {
    return undefined;
  }
  const mend = {
    requested: `Wait until ${lease.owner} has decided.`,
    active: 'It needs no decision any more.',
    released: 'Request a new one.',
    revoked: 'Request a new one.',
    denied: 'Request a new one.'
  }[state];
  return refuse('WRONG_STATE', `Lease ${lease.id} is ${state}, not ${wanted.join(' or ')}. ${mend}`);
}
