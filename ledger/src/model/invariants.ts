import type { LedgerEvent } from '../ledger.js';
import { isConsistent } from '../merkle/consistency.js';
import {
  leaseState,
  type ConsortiumRecord,
  type LeaseRecord,
  type OrganizationRecord,
  type RunRecord
} from '../state.js';
import type { Play, Taken } from './play.js';

/** Records by id as they were before a step. */
export type Before = ReadonlyMap<string, object>;

/** What must hold after every step; throws when it does not. */
export type Invariant = (play: Play, taken: Taken, before: Before) => void;

function holds(condition: boolean): void {
  if (!condition) {
    throw new Error('it does not hold');
  }
}

/** The leases in events of some types. */
function leasesIn({ answer }: Taken, ...types: readonly LedgerEvent['type'][]): readonly LeaseRecord[] {
  const events = answer.ok ? answer.events : [];
  return events.flatMap(event => ('lease' in event && types.includes(event.type) ? [event.lease] : []));
}

const leasesOf = (play: Play): LeaseRecord[] => play.leases.flatMap(id => play.replica.record('lease', id) ?? []);
const ended = (state: string): boolean => !['requested', 'active'].includes(state);

/** The promises of the ledger, one by one. */
export const invariants: Readonly<Record<string, Invariant>> = {
  'an exclusive dataset has at most one active lease, and a person at most one of any': play => {
    for (const id of play.datasets) {
      const dataset = play.replica.record('dataset', id);
      const active = leasesOf(play).filter(lease => lease.dataset === id && leaseState(lease, play.now) === 'active');
      const holders = new Set(active.map(({ organization, user }) => `${user}@${organization}`));
      holds(holders.size === active.length);
      // Under another policy before it may have lent more.
      holds(dataset?.version !== 1 || active.length <= dataset.policy.concurrency);
    }
  },
  'a grant leaves no more active leases than the policy allows, under a number that only grows': (
    play,
    taken,
    before
  ) => {
    for (const lease of leasesIn(taken, 'lease.granted')) {
      const dataset = play.replica.record('dataset', lease.dataset);
      const active = leasesOf(play).filter(
        one => one.dataset === lease.dataset && leaseState(one, play.now) === 'active'
      );
      holds(active.length <= (dataset?.policy.concurrency ?? 0));
      const { fencing } = before.get(lease.dataset) as { readonly fencing: number };
      holds(lease.fencing === fencing + 1 && dataset?.fencing === lease.fencing);
    }
  },
  'a lease ends no later than the policy allows': (play, taken) => {
    for (const lease of leasesIn(taken, 'lease.granted', 'lease.renewed')) {
      const policy = play.replica.record('dataset', lease.dataset)?.policy;
      holds((lease.expiresAt ?? Infinity) - play.now <= (policy?.maxDuration ?? 0));
      holds(lease.renewals <= (policy?.renewals ?? 0));
    }
  },
  'only its owner changes what a dataset offers': (play, { by }, before) => {
    for (const id of play.datasets.filter(one => before.has(one))) {
      const was = before.get(id) as { readonly owner: string; readonly version: number };
      const dataset = play.replica.record('dataset', id);
      holds(dataset?.owner === was.owner);
      holds(dataset?.version === was.version || by.organization === was.owner);
    }
  },
  'only its holder or the owner changes a lease, and nobody one that ended': (play, { by }, before) => {
    for (const lease of leasesOf(play)) {
      const was = before.get(lease.id) as LeaseRecord | undefined;
      if (was !== undefined && JSON.stringify(was) !== JSON.stringify(lease)) {
        const byHolder = by.organization === was.organization && by.user === was.user;
        holds(byHolder || by.organization === was.owner);
        holds(!ended(leaseState(was, play.now)));
      }
    }
  },
  'a run starts only under active leases of its own user, each granted by an entry before': (play, taken) => {
    const events = taken.answer.ok ? taken.answer.events : [];
    const runs = events.flatMap(event => (event.type === 'run.started' ? [event.run] : []));
    for (const run of runs) {
      for (const id of run.leases) {
        const lease = play.replica.record('lease', id);
        holds(lease?.organization === run.organization && lease.user === run.user);
        holds(lease !== undefined && leaseState(lease, run.startedAt) === 'active');
        const granted = play.accepted.find(({ receipt }) =>
          receipt.events.some(event => event.type === 'lease.granted' && event.lease.id === id)
        );
        holds((granted?.receipt.index ?? Infinity) < (taken.answer.ok ? taken.answer.index : 0));
      }
    }
  },
  'results are let go only by the owner who holds them': (play, { by }, before) => {
    for (const id of play.runs.filter(one => before.has(one))) {
      const was = before.get(id) as RunRecord;
      play.replica.record('run', id)?.results?.forEach(({ owner, state }) => {
        const earlier = was.results?.find(hold => hold.owner === owner)?.state;
        holds(state === 'held' || state === earlier || by.organization === owner);
      });
    }
  },
  'who is no member gives no command': (_play, { by, answer }, before) => {
    const was = before.get(by.organization) as OrganizationRecord | undefined;
    const joined = answer.ok && answer.events.some(({ type }) => type === 'organization.joined');
    holds(!answer.ok || joined || (was !== undefined && was.gone === undefined));
  },
  'while the consortium is closed nobody joins who was not admitted with that key': (
    play,
    { command, answer },
    before
  ) => {
    const { membership } = before.get('settings') as ConsortiumRecord;
    if (answer.ok && command.type === 'organization.join' && membership === 'closed') {
      const voted = play.accepted.some(({ receipt }) =>
        receipt.events.some(
          event => event.type === 'organization.admitted' && event.admission.publicKey === command.publicKey
        )
      );
      holds(voted);
    }
  },
  'a refusal changes nothing, and says how to mend': (play, { answer }, before) => {
    if (!answer.ok) {
      holds(/\.$/.test(answer.message));
      holds(JSON.stringify([...recordsOf(play)]) === JSON.stringify([...before]));
    }
  },
  'the log only grows: its tree begins with every tree before': play => {
    const { tree } = play;
    const old = Math.floor((tree.size * (play.leases.length % 7)) / 7);
    const now = { size: tree.size, root: tree.root() };
    holds(isConsistent({ size: old, root: tree.root(old) }, now, tree.consistency(old)));
  }
};

/** What the ledger has, by id. */
export function recordsOf({ replica, leases, runs, datasets }: Play): Before {
  const all = [
    ...['uis', 'uio', 'ntnu'].map(id => [id, replica.record('organization', id)] as const),
    ['settings', replica.record('consortium', 'settings')] as const,
    ...datasets.map(id => [id, replica.record('dataset', id)] as const),
    ...leases.map(id => [id, replica.record('lease', id)] as const),
    ...runs.map(id => [id, replica.record('run', id)] as const)
  ];
  return new Map(all.flatMap(([id, record]) => (record === undefined ? [] : [[id, record] as const])));
}
