import type { Command, ConsortiumSettings, LedgerPolicy, Motion } from '../commands.js';
import type { CommandOf } from '../rules/decision.js';

const VOTE_LIFETIME = 30 * 24 * 3_600_000;

interface Person {
  readonly organization: string;
  readonly user: string;
}
interface ModelLease extends Person {
  readonly dataset: ModelDataset;
  readonly purpose: string;
  readonly duration: number;
  state: string;
  until: number;
  fencing: number;
  renewals: number;
}
export interface ModelDataset {
  readonly id: string;
  readonly owner: string;
  policy: LedgerPolicy;
  version: number;
  retired: boolean;
  fencing: number;
}
interface ModelRun extends Person {
  ended: boolean;
  readonly holds: Map<string, string>;
}
interface ModelVote {
  readonly by: string;
  readonly term: number;
  readonly until: number;
}
interface ModelOrganization {
  publicKey: string;
  state: 'member' | 'left' | 'expelled';
  readonly term: number;
}

type Rules = { readonly [T in Command['type']]: (command: CommandOf<T>, by: Person, now: number) => void };

class No extends Error {}
function no(when: boolean, code: string): void {
  if (when) {
    throw new No(code);
  }
}
function must<T>(value: T | undefined, code: string): T {
  no(value === undefined, code);
  return value as T;
}

/** What the ledger should do, said again in another way: values that each command changes in place, or not at all. */
export class Model {
  readonly organizations = new Map<string, ModelOrganization>();
  readonly datasets = new Map<string, ModelDataset>();
  readonly leases = new Map<string, ModelLease>();
  readonly runs = new Map<string, ModelRun>();
  readonly approvals = new Set<string>();
  readonly #admitted = new Map<string, string>();
  readonly #votes = new Map<string, readonly ModelVote[]>();
  membership: ConsortiumSettings['membership'] = 'open';
  majority: ConsortiumSettings['majority'] = 'half';
  #joins = 0;

  /** Does a command at a time, ms: `ok`, or the code of the refusal. */
  give(by: Person, command: Command, now: number): string {
    try {
      if (command.type !== 'organization.join') {
        no(this.#organization(by.organization).state !== 'member', 'NOT_MEMBER');
      }
      const rule = this.#rules[command.type] as (command: Command, by: Person, now: number) => void;
      rule(command, by, now);
      return 'ok';
    } catch (error) {
      if (error instanceof No) {
        return error.message;
      }
      throw error;
    }
  }

  /** State of a lease now. */
  stateOf({ state, until }: ModelLease, now: number): string {
    return state === 'active' && now >= until ? 'expired' : state;
  }

  active({ id }: ModelDataset, now: number): ModelLease[] {
    return [...this.leases.values()].filter(one => one.dataset.id === id && this.stateOf(one, now) === 'active');
  }

  members(): string[] {
    const all = [...this.organizations].filter(([, { state }]) => state === 'member');
    return all.sort(([, a], [, b]) => a.term - b.term).map(([id]) => id);
  }

  readonly #rules: Rules = {
    'organization.join': ({ publicKey }, { organization: id }) => {
      const known = this.organizations.get(id);
      no(known?.state === 'member', 'EXISTS');
      const closed = this.membership === 'closed' || known?.state === 'expelled';
      const other = known !== undefined && known.publicKey !== publicKey;
      no(this.#admitted.get(id) !== publicKey && (closed || other), 'NOT_ADMITTED');
      this.#admitted.delete(id);
      this.organizations.set(id, { publicKey, state: 'member', term: ++this.#joins });
    },
    'organization.rotate': ({ publicKey }, { organization }) => {
      no(this.#organization(organization).publicKey === publicKey, 'INVALID');
      this.#organization(organization).publicKey = publicKey;
    },
    'organization.leave': (_, { organization }) => {
      no(
        [...this.datasets.values()].some(one => one.owner === organization && !one.retired),
        'WRONG_STATE'
      );
      no(this.membership === 'closed' && this.members().length === 1, 'WRONG_STATE');
      this.#organization(organization).state = 'left';
    },
    'consortium.vote': ({ motion }, { organization }, now) => {
      this.#mayVote(motion, organization);
      if (this.#carries(motion, organization, now)) {
        this.#votes.delete(JSON.stringify(motion));
        this.#carryOut(motion);
      }
    },
    'dataset.publish': ({ dataset: id, policy }, { organization: owner }) => {
      no(this.datasets.has(id), 'EXISTS');
      this.datasets.set(id, { id, owner, policy, version: 1, retired: false, fencing: 0 });
    },
    'dataset.update': ({ dataset, basedOn, policy }, by) => {
      this.#changed(dataset, basedOn, by).policy = policy;
    },
    'dataset.retire': ({ dataset, basedOn }, by) => {
      this.#changed(dataset, basedOn, by).retired = true;
    },
    'lease.request': ({ lease: id, dataset: of, purpose, duration }, by, now) => {
      const dataset = must(this.datasets.get(of), 'UNKNOWN_DATASET');
      no(this.leases.has(id), 'EXISTS');
      const [state, until] = ['requested', 0];
      const lease = { ...by, dataset, purpose, duration, state, until, fencing: 0, renewals: 0 };
      const atOnce = dataset.policy.approval === 'auto';
      this.#mayHave(lease, duration);
      this.#isFree(lease, now, atOnce);
      this.leases.set(id, lease);
      if (atOnce) {
        this.#grant(lease, now);
      }
    },
    'lease.approve': ({ lease: id }, by, now) => {
      const lease = this.#owned(id, by, now, ['requested']);
      this.#mayHave(lease, lease.duration);
      this.#isFree(lease, now, true);
      this.#grant(lease, now);
    },
    'lease.deny': ({ lease }, by, now) => {
      this.#owned(lease, by, now, ['requested']).state = 'denied';
    },
    'lease.revoke': ({ lease }, by, now) => {
      this.#owned(lease, by, now, ['requested', 'active']).state = 'revoked';
    },
    'lease.release': ({ lease }, by, now) => {
      this.#held(lease, by, now, ['requested', 'active']).state = 'released';
    },
    'lease.renew': ({ lease: id, duration }, by, now) => {
      const lease = this.#held(id, by, now, ['active']);
      no(lease.renewals >= lease.dataset.policy.renewals, 'POLICY');
      this.#mayHave(lease, duration);
      no(now + duration < lease.until, 'INVALID');
      lease.until = now + duration;
      lease.renewals += 1;
    },
    'run.start': (command, by, now) => {
      const before = this.runs.get(command.run);
      no(
        before !== undefined && (!before.ended || before.organization !== by.organization || before.user !== by.user),
        'EXISTS'
      );
      const { leases, uses = [] } = command;
      const used = uses.map(({ lease }) => lease);
      no(new Set(used).size < used.length || used.some(lease => !leases.includes(lease)), 'INVALID');
      const holds = new Map<string, string>(before?.holds);
      for (const id of leases) {
        const { owner, policy } = this.#used(id, command, by, now);
        if (policy.resultRelease === 'owner') {
          holds.set(owner, 'held');
        }
      }
      this.runs.set(command.run, { ...by, ended: false, holds });
    },
    'run.end': ({ run: id }, { organization }) => {
      const run = must(this.runs.get(id), 'UNKNOWN_RUN');
      no(run.organization !== organization, 'NOT_OWNER');
      no(run.ended, 'WRONG_STATE');
      run.ended = true;
    },
    'result.release': ({ run }, by) => this.#decide(run, by, 'released', ['held', 'refused']),
    'result.refuse': ({ run }, by) => this.#decide(run, by, 'refused', ['held']),
    'algorithm.approve': ({ algorithm }, { organization }) => {
      no(this.approvals.has(`${algorithm} ${organization}`), 'EXISTS');
      this.approvals.add(`${algorithm} ${organization}`);
    },
    'algorithm.withdraw': ({ algorithm }, { organization }) => {
      no(!this.approvals.delete(`${algorithm} ${organization}`), 'UNKNOWN_ALGORITHM');
    }
  };

  #organization(id: string): ModelOrganization {
    return must(this.organizations.get(id), 'UNKNOWN_ORGANIZATION');
  }

  #isMember(id: string): boolean {
    return this.organizations.get(id)?.state === 'member';
  }

  #mayVote(motion: Motion, voter: string): void {
    if (motion.type === 'configure') {
      no(motion.membership === this.membership && motion.majority === this.majority, 'EXISTS');
    } else if (motion.type === 'admit') {
      no(this.#isMember(motion.organization) || this.#admitted.get(motion.organization) === motion.publicKey, 'EXISTS');
    } else {
      no(!this.#isMember(motion.organization), 'UNKNOWN_ORGANIZATION');
      no(motion.organization === voter, 'INVALID');
    }
  }

  #carries(motion: Motion, by: string, now: number): boolean {
    const name = JSON.stringify(motion);
    const counts = ({ by: voter, term, until }: ModelVote): boolean =>
      voter !== by && now < until && this.#isMember(voter) && this.#organization(voter).term === term;
    const others = (this.#votes.get(name) ?? []).filter(counts);
    const votes = [...others, { by, term: this.#organization(by).term, until: now + VOTE_LIFETIME }];
    this.#votes.set(name, votes);
    const out = motion.type === 'expel' ? motion.organization : undefined;
    const all = this.members().filter(id => id !== out).length;
    const most = { half: Math.floor(all / 2) + 1, 'two-thirds': Math.ceil((2 * all) / 3), all }[this.majority];
    return votes.filter(vote => vote.by !== out).length >= Math.max(most, out === undefined ? 1 : 2);
  }

  #carryOut(motion: Motion): void {
    if (motion.type === 'admit') {
      this.#admitted.set(motion.organization, motion.publicKey);
    } else if (motion.type === 'expel') {
      this.#organization(motion.organization).state = 'expelled';
    } else {
      [this.membership, this.majority] = [motion.membership, motion.majority];
    }
  }

  #changed(id: string, basedOn: number, { organization }: Person): ModelDataset {
    const dataset = must(this.datasets.get(id), 'UNKNOWN_DATASET');
    no(dataset.owner !== organization, 'NOT_OWNER');
    no(dataset.retired, 'RETIRED');
    no(dataset.version !== basedOn, 'VERSION_CONFLICT');
    dataset.version += 1;
    return dataset;
  }

  #held(id: string, { organization, user }: Person, now: number, states: readonly string[]): ModelLease {
    const lease = must(this.leases.get(id), 'UNKNOWN_LEASE');
    no(lease.organization !== organization || lease.user !== user, 'NOT_HOLDER');
    return this.#inState(lease, now, states);
  }

  #owned(id: string, { organization }: Person, now: number, states: readonly string[]): ModelLease {
    const lease = must(this.leases.get(id), 'UNKNOWN_LEASE');
    no(lease.dataset.owner !== organization, 'NOT_OWNER');
    return this.#inState(lease, now, states);
  }

  #inState(lease: ModelLease, now: number, states: readonly string[]): ModelLease {
    no(this.stateOf(lease, now) === 'expired', 'EXPIRED');
    no(!states.includes(lease.state), 'WRONG_STATE');
    return lease;
  }

  #used(
    id: string,
    { uses = [], site = '', egress = [] }: CommandOf<'run.start'>,
    by: Person,
    now: number
  ): ModelDataset {
    const lease = must(this.leases.get(id), 'LEASE_NOT_ACTIVE');
    const { dataset, organization, user } = lease;
    no(organization !== by.organization || user !== by.user, 'LEASE_NOT_ACTIVE');
    no(this.stateOf(lease, now) !== 'active', 'LEASE_NOT_ACTIVE');
    const { policy, owner } = dataset;
    const { sites = [], egress: allowed = [] } = policy;
    no(!this.#isMember(owner), 'RETIRED');
    no(!this.#mayRun(dataset, uses.find(use => use.lease === id)?.algorithm), 'POLICY');
    no(sites.length > 0 && !sites.includes(site), 'POLICY');
    no(
      egress.some(one => !allowed.includes(one)),
      'POLICY'
    );
    return dataset;
  }

  #decide(id: string, { organization }: Person, to: string, from: readonly string[]): void {
    const run = must(this.runs.get(id), 'UNKNOWN_RUN');
    const hold = must(run.holds.get(organization), 'NOT_OWNER');
    no(!run.ended || !from.includes(hold), 'WRONG_STATE');
    run.holds.set(organization, to);
  }

  #mayHave({ dataset, organization, purpose }: ModelLease, duration: number): void {
    const { organizations, purposes, maxDuration } = dataset.policy;
    no(dataset.retired || !this.#isMember(dataset.owner), 'RETIRED');
    no(organizations.length > 0 && !organizations.includes(organization), 'POLICY');
    no(purposes.length > 0 && !purposes.includes(purpose), 'POLICY');
    no(duration > maxDuration, 'POLICY');
  }

  #isFree({ dataset, organization, user }: ModelLease, now: number, room: boolean): void {
    const active = this.active(dataset, now);
    no(
      active.some(one => one.organization === organization && one.user === user),
      'LEASED'
    );
    no(room && active.length >= dataset.policy.concurrency, 'LEASED');
  }

  #grant(lease: ModelLease, now: number): void {
    lease.state = 'active';
    lease.until = now + lease.duration;
    lease.fencing = ++lease.dataset.fencing;
  }

  #mayRun({ owner, policy }: ModelDataset, algorithm = 'none'): boolean {
    const { mode, algorithms = mode === 'compute' ? [] : 'raw' } = policy;
    switch (algorithms) {
      case 'raw':
        return true;
      case 'reviewed':
        return this.approvals.has(`${algorithm} ${owner}`);
      case 'any':
        return this.members().some(id => this.approvals.has(`${algorithm} ${id}`));
      default:
        return algorithms.includes(algorithm);
    }
  }
}
