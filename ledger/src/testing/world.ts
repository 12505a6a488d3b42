import type { Command, LedgerPolicy } from '../commands.js';
import { createKeyPair } from '../keys.js';
import { decide } from '../rules/decide.js';
import type { CommandOf, Decision } from '../rules/decision.js';
import type { StateKey, StateRecord } from '../rules/reads.js';
import { exclusive } from '../scenario.js';

export const NOW = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const { publicKey } = createKeyPair();
export const sealed = 'ab'.repeat(32);
export const plan = 'cd'.repeat(32);

/** Who gives a command: `person@organization`. */
export type Who = `${string}@${string}`;

/** A state and a clock: `uis` owns the datasets, all others have joined as well. */
export class World {
  readonly state = new Map<StateKey, StateRecord>();
  now = NOW;

  constructor() {
    for (const organization of ['uis', 'uio', 'ntnu']) {
      this.must(`admin@${organization}`, { type: 'organization.join', name: organization, publicKey });
    }
  }

  give(who: Who, command: Command, time = this.now): Decision {
    const [user = '', organization = ''] = who.split('@');
    const decision = decide({ id: 'c', organization, user, time, command }, this.state, this.now);
    if (decision.ok) {
      decision.writes.forEach(({ key, value }) => this.state.set(key, value));
    }
    return decision;
  }

  /** Gives a command that sets the scene. @throws Error, when it is refused */
  must(who: Who, command: Command): this {
    const decision = this.give(who, command);
    if (!decision.ok) {
      throw new Error(`${command.type}: ${decision.message}`);
    }
    return this;
  }

  dataset(id: string, policy: Partial<LedgerPolicy> = {}): this {
    this.must('ola@uis', publish(id, policy));
    return this;
  }

  lease(id: string, dataset: string, who: Who = 'kari@uio', duration = HOUR): this {
    this.must(who, request(id, dataset, { duration }));
    return this;
  }

  later(ms: number): this {
    this.now += ms;
    return this;
  }
}

export const publish = (dataset: string, policy: Partial<LedgerPolicy> = {}): Command => ({
  type: 'dataset.publish',
  dataset,
  policy: { ...exclusive, ...policy },
  description: { title: dataset },
  sealed
});
export const request = (
  lease: string,
  dataset: string,
  more: { purpose?: string; duration?: number } = {}
): Command => ({
  type: 'lease.request',
  lease,
  dataset,
  purpose: 'research',
  duration: HOUR,
  ...more
});
export const update = (dataset: string, basedOn: number, policy: Partial<LedgerPolicy> = {}): Command => ({
  type: 'dataset.update',
  dataset,
  basedOn,
  policy: { ...exclusive, ...policy },
  description: { title: 'new' }
});
export const start = (run: string, leases: string[], more: Partial<CommandOf<'run.start'>> = {}): Command => ({
  type: 'run.start',
  run,
  leases,
  plan,
  images: ['docker.io/library/python@sha256:1'],
  facts: { name: 'wordcount' },
  ...more
});
export const on = (type: 'lease.approve' | 'lease.deny' | 'lease.release' | 'lease.revoke', lease = 'l'): Command => ({
  type,
  lease
});
export const renew = (duration: number, lease = 'l'): Command => ({ type: 'lease.renew', lease, duration });
export const retire = (dataset: string, basedOn: number): Command => ({ type: 'dataset.retire', dataset, basedOn });

export const byOwner = { approval: 'owner' } as const;
export const granted = () => new World().dataset('d', { renewals: 2 }).lease('l', 'd');
export const requested = () => new World().dataset('d', byOwner).lease('l', 'd');
