import type { Command, LedgerPolicy, Motion, SignedCommand } from '../commands.js';
import { leafBytes } from '../entry.js';
import { createKeyPair, sign, signRotation } from '../keys.js';
import type { Entry, Receipt, Refusal } from '../ledger.js';
import { leafHash } from '../merkle/hash.js';
import { MerkleTree } from '../merkle/tree.js';
import { Draft, Replica } from '../replica.js';
import { exclusive } from '../scenario.js';
import { Model } from './model.js';
import { organizations, type Step } from './steps.js';

const START = Date.UTC(2026, 0, 1);
/** Key pairs of an organization: it goes from one to another. */
const KEYS = 3;
const keys = new Map(organizations.map(id => [id, Array.from({ length: KEYS }, () => createKeyPair())] as const));
/** Policies of the first datasets: exclusive, lent by approval to compute on, and with results that wait. */
const first: readonly LedgerPolicy[] = [
  exclusive,
  { ...exclusive, approval: 'owner', mode: 'compute', algorithms: 'any' },
  { ...exclusive, concurrency: 2, renewals: 2, resultRelease: 'owner' }
];
const people = organizations.flatMap(organization => ['first', 'second'].map(user => ({ organization, user })));
type Person = (typeof people)[number];

/** What came of a step. */
export interface Taken {
  readonly by: Person;
  readonly command: Command;
  readonly answer: Receipt | Refusal;
  /** What the model says: `ok`, or a code. */
  readonly expected: string;
}

/** A ledger and its model, side by side. */
export class Play {
  replica = new Replica();
  readonly model = new Model();
  readonly tree = new MerkleTree();
  readonly accepted: { readonly signed: SignedCommand; readonly receipt: Receipt }[] = [];
  /** Ids of leases, runs and datasets, in the order in which they came. */
  readonly leases: string[] = [];
  readonly runs: string[] = [];
  readonly datasets: string[] = [];
  #clock = START;
  #count = 0;

  /** Three organizations, each with a dataset; the first one is exclusive. */
  constructor() {
    organizations.forEach((organization, n) => {
      const by = { organization, user: 'first' };
      this.#give(by, { type: 'organization.join', name: organization, publicKey: keyOf(organization, 0).publicKey });
      this.#give(by, {
        type: 'dataset.publish',
        dataset: `d${n}`,
        policy: first[n] ?? exclusive,
        description: {},
        sealed: '5e'.repeat(32)
      });
    });
  }

  /** The log's time now, ms. */
  get now(): number {
    return Math.max(this.#clock, this.replica.time);
  }

  take(step: Step): Taken {
    this.#clock += step.jump;
    const someone = people[step.by] ?? { organization: '', user: '' };
    const named = this.#named(step.command, someone.organization);
    const { organization, user } = (step.rightful ? this.#rightful(named) : undefined) ?? someone;
    const by = { organization, user };
    const command = this.#named(step.command, organization);
    return this.#give(by, command, step.mishap);
  }

  /** Begins again from the entries, as after a crash. @param trusted - without checking signatures */
  restart(trusted: boolean): void {
    const fresh = new Replica();
    for (const { index, time, signed } of JSON.parse(JSON.stringify(this.replica.entries)) as Entry[]) {
      const draft = new Draft(fresh);
      const problem = draft.replay({ index, time, signed }, trusted ? 'trusted' : undefined);
      if (problem !== undefined) {
        throw new Error(`entry ${index} is refused when it is replayed: ${problem}`);
      }
      fresh.commit(draft);
    }
    this.replica = fresh;
  }

  submit(signed: SignedCommand): Receipt | Refusal {
    const draft = new Draft(this.replica);
    const answer = draft.submit(signed, this.#clock);
    this.replica.commit(draft);
    draft.entries.forEach(entry => this.tree.append(leafHash(leafBytes(entry))));
    return answer;
  }

  #give(by: Person, command: Command, mishap: Step['mishap'] = 'none'): Taken {
    const { now } = this;
    const again = this.accepted.at(-1)?.signed.envelope.id;
    const id = mishap === 'id again' && again !== undefined ? again : `c${this.#count++}`;
    // A reused id with the same bytes would be the same command.
    const late = mishap === 'late' ? 30_001 : mishap === 'id again' ? 1 : 0;
    const stale = mishap === 'old key' && command.type !== 'organization.join';
    const signed = this.#signed({ ...by, id, time: now - late }, command, stale);
    const expected = this.#expected(by, command, { now, stale, late: mishap === 'late', reused: id === again });
    const answer = this.submit(signed);
    if (answer.ok) {
      this.accepted.push({ signed, receipt: answer });
      this.#remember(command);
    }
    return { by, command, answer, expected };
  }

  #expected(
    by: Person,
    command: Command,
    how: { readonly now: number; readonly stale: boolean; readonly late: boolean; readonly reused: boolean }
  ): string {
    const state = this.model.organizations.get(by.organization)?.state;
    const mayGive = command.type === 'organization.join' || state === 'member';
    if (mayGive && how.stale) {
      return 'BAD_SIGNATURE';
    }
    if (mayGive && how.reused) {
      return 'ID_REUSED';
    }
    return mayGive && how.late ? 'CLOCK_SKEW' : this.model.give(by, command, how.now);
  }

  #signed(about: Omit<SignedCommand['envelope'], 'command'>, command: Command, stale: boolean): SignedCommand {
    const { organization } = about;
    const all = keys.get(organization) ?? [];
    const now =
      command.type === 'organization.join'
        ? command.publicKey
        : (this.model.organizations.get(organization)?.publicKey ?? keyOf(organization, 0).publicKey);
    const at = all.findIndex(({ publicKey }) => publicKey === now);
    const { privateKey } = keyOf(organization, stale ? at + 1 : at);
    const next = all.find(pair => 'publicKey' in command && pair.publicKey === command.publicKey);
    return command.type === 'organization.rotate' && next !== undefined
      ? signRotation(about, next, privateKey)
      : sign({ ...about, command }, privateKey);
  }

  /** The command with real names for those of a step. */
  #named(command: Command, organization: string): Command {
    switch (command.type) {
      case 'organization.join':
      case 'organization.rotate':
        return { ...command, publicKey: keyOf(organization, Number(command.publicKey)).publicKey };
      case 'consortium.vote':
        return { ...command, motion: this.#motion(command.motion) };
      case 'dataset.publish':
        return { ...command, dataset: this.#name(command.dataset, 'd', this.datasets) };
      case 'dataset.update':
      case 'dataset.retire': {
        const dataset = this.#name(command.dataset, 'd', this.datasets);
        const version = this.model.datasets.get(dataset)?.version ?? 1;
        return { ...command, dataset, basedOn: version + command.basedOn };
      }
      case 'lease.request': {
        const lease = this.#name(command.lease, 'l', this.leases);
        return { ...command, lease, dataset: this.#name(command.dataset, 'd', this.datasets) };
      }
      case 'run.start': {
        const leases = [...new Set(command.leases.map(lease => this.#name(lease, 'l', this.leases)))];
        const uses = (command.uses ?? []).map(use => ({ ...use, lease: this.#name(use.lease, 'l', this.leases) }));
        return { ...command, run: this.#name(command.run, 'r', this.runs), leases, uses: distinct(uses) };
      }
      default:
        return {
          ...command,
          ...('lease' in command && { lease: this.#name(command.lease, 'l', this.leases) }),
          ...('run' in command && { run: this.#name(command.run, 'r', this.runs) })
        };
    }
  }

  #motion(motion: Motion): Motion {
    return motion.type === 'admit'
      ? { ...motion, publicKey: keyOf(motion.organization, Number(motion.publicKey)).publicKey }
      : motion;
  }

  #name(age: string, prefix: string, all: readonly string[]): string {
    if (age === 'new') {
      return `${prefix}${all.length}`;
    }
    // Of few, the same ones are meant again.
    const back = Number(age) % Math.max(1, all.length);
    return (age === 'none' ? undefined : all.at(-1 - back)) ?? `${prefix}-none`;
  }

  #remember(command: Command): void {
    if (command.type === 'lease.request') {
      this.leases.push(command.lease);
    } else if (command.type === 'run.start' && !this.runs.includes(command.run)) {
      this.runs.push(command.run);
    } else if (command.type === 'dataset.publish') {
      this.datasets.push(command.dataset);
    }
  }

  /** Who may give a command, where that can be told: else most steps would be refused for who takes them. */
  #rightful(command: Command): Person | undefined {
    const { leases, runs } = this.model;
    switch (command.type) {
      case 'lease.renew':
      case 'lease.release':
        return leases.get(command.lease);
      case 'run.start':
        return leases.get(command.leases[0] ?? '');
      case 'run.end':
        return runs.get(command.run);
      default:
        return people.find(({ organization }) => organization === this.#owner(command));
    }
  }

  /** The organization that a command is for. */
  #owner(command: Command): string | undefined {
    const { leases, runs, datasets } = this.model;
    switch (command.type) {
      case 'lease.approve':
      case 'lease.deny':
      case 'lease.revoke':
        return leases.get(command.lease)?.dataset.owner;
      case 'result.release':
      case 'result.refuse':
        return runs.get(command.run)?.holds.keys().next().value;
      case 'dataset.update':
      case 'dataset.retire':
        return datasets.get(command.dataset)?.owner;
      case 'organization.join':
        return organizations.find(id => !this.model.members().includes(id));
      default:
        return undefined;
    }
  }
}

function keyOf(organization: string, number: number) {
  const pair = keys.get(organization)?.[number % KEYS];
  if (pair === undefined) {
    throw new Error(`there is no organization ${organization}`);
  }
  return pair;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
}
