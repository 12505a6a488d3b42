import type { LedgerEvent, Refusal } from '../ledger.js';
import { leaseState, type DatasetRecord, type LeaseRecord, type OrganizationRecord } from '../state.js';
import { refuse, type Write } from './decision.js';
import { failed, passed, termChecks, type PolicyCheck, type Terms } from './policy.js';
import { read, type Reading } from './reads.js';
import { time } from './wording.js';

/** The leases of a dataset that are active now: those that expired do not count. */
export function* activeLeases(dataset: DatasetRecord, now: number): Reading<readonly LeaseRecord[]> {
  const active: LeaseRecord[] = [];
  for (const id of dataset.leases) {
    const lease = yield* read('lease', id);
    if (lease !== undefined && leaseState(lease, now) === 'active') {
      active.push(lease);
    }
  }
  return active;
}

/** One person needs a dataset once: their second lease would take the place of another's. */
function secondLeaseProblem(
  dataset: DatasetRecord,
  active: readonly LeaseRecord[],
  holder: Pick<LeaseRecord, 'organization' | 'user'>
): Refusal | undefined {
  const own = active.find(lease => lease.organization === holder.organization && lease.user === holder.user);
  if (own === undefined) {
    return undefined;
  }
  const until = own.expiresAt ?? 0;
  return refuse(
    'LEASED',
    `${holder.user} of ${holder.organization} holds lease ${own.id} of dataset ${dataset.id} until ${time(until)}. Use or renew that one.`,
    { holder: { organization: own.organization, until } }
  );
}

/** Whether there is room for one more lease; if not, who makes room first. */
function roomProblem(dataset: DatasetRecord, active: readonly LeaseRecord[]): Refusal | undefined {
  if (active.length < dataset.policy.concurrency) {
    return undefined;
  }
  const first = active.reduce((a, b) => ((b.expiresAt ?? 0) < (a.expiresAt ?? 0) ? b : a));
  const until = first.expiresAt ?? 0;
  return refuse(
    'LEASED',
    `Dataset ${dataset.id} is leased by ${first.organization} until ${time(until)}. Try again then, or ask them to release it.`,
    { holder: { organization: first.organization, until } }
  );
}

/** Who asks for a lease, and how. */
export interface Wish extends Terms {
  readonly user: string;
}

/** Whether a request is accepted: where the owner decides it may wait for room. */
export function requestChecks(
  dataset: DatasetRecord,
  owner: OrganizationRecord | undefined,
  active: readonly LeaseRecord[],
  wish: Wish
): readonly PolicyCheck[] {
  const checks = grantChecks(dataset, owner, active, wish);
  const waits = `A request waits for ${dataset.owner}, who may approve it when there is room.`;
  return dataset.policy.approval === 'auto'
    ? checks
    : checks.map(one => (one.check === 'concurrency' ? passed('concurrency', waits) : one));
}

/** Whether a lease may be granted now. */
export function grantChecks(
  dataset: DatasetRecord,
  owner: OrganizationRecord | undefined,
  active: readonly LeaseRecord[],
  wish: Wish
): readonly PolicyCheck[] {
  const { id, policy } = dataset;
  const second = secondLeaseProblem(dataset, active, wish);
  const full = roomProblem(dataset, active);
  const places = `${active.length} of ${policy.concurrency}`;
  return [
    ...termChecks(dataset, owner, wish),
    second ? failed('holder', second) : passed('holder', `${wish.user} of ${wish.organization} holds no lease of it.`),
    full
      ? failed('concurrency', full)
      : passed('concurrency', `There is room: dataset ${id} has ${places} leases that may be active at once.`)
  ];
}

/** Grants a lease: it counts from now, under the next fencing number, and the dataset forgets what expired. */
export function grant(
  dataset: DatasetRecord,
  active: readonly LeaseRecord[],
  requested: LeaseRecord,
  now: number
): { readonly event: LedgerEvent; readonly write: Write } {
  const fencing = dataset.fencing + 1;
  const lease: LeaseRecord = {
    ...requested,
    state: 'active',
    grantedAt: now,
    expiresAt: now + requested.duration,
    fencing
  };
  return {
    event: { type: 'lease.granted', lease },
    write: {
      key: `dataset/${dataset.id}`,
      value: { ...dataset, fencing, leases: [...active.map(({ id }) => id), lease.id] }
    }
  };
}

/** The dataset without a lease that ended. */
export function without(dataset: DatasetRecord, lease: LeaseRecord): Write {
  return {
    key: `dataset/${dataset.id}`,
    value: { ...dataset, leases: dataset.leases.filter(id => id !== lease.id) }
  };
}
