import fc from 'fast-check';
import type { Command, SignedCommand } from '../commands.js';
import type { Entry, Receipt, Refusal } from '../ledger.js';
import { Draft, Replica } from '../replica.js';
import { exclusive, Party } from '../scenario.js';
import { leaseState, type DatasetRecord, type LeaseRecord } from '../state.js';
import { commands, commonRefusals } from './table.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const organizations = ['uis', 'uio', 'ntnu'];
const parties = organizations.map(organization => new Party(organization, 'first'));
const people = parties.flatMap(party => [party, party.colleague('second')]);
/** Each organization owns one. */
const datasets = [
  { id: 'd0', policy: { ...exclusive, renewals: 2 } },
  { id: 'd1', policy: { ...exclusive, concurrency: 2 } },
  { id: 'd2', policy: { ...exclusive, approval: 'owner' as const } }
];
/** A step names a lease or run by its age, `0` is the latest; what is requested or started gets a new id. */
const ages = ['0', '1', '2', '3', '4'];

const someDataset = fc.constantFrom(...datasets.map(({ id }) => id));
const someLease = fc.constantFrom(...ages);
const someDuration = fc.integer({ min: 1, max: 70 }).map(minutes => minutes * MINUTE);
const someVersion = fc.integer({ min: 1, max: 3 });
const purpose = 'research';
const requests = fc.record({
  type: fc.constant('lease.request' as const),
  lease: someLease,
  dataset: someDataset,
  purpose: fc.constant(purpose),
  duration: someDuration
});
const someCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: requests },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('lease.approve' as const, 'lease.deny' as const), lease: someLease })
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('lease.renew' as const), lease: someLease, duration: someDuration })
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('lease.release' as const, 'lease.revoke' as const), lease: someLease })
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        type: fc.constant('dataset.update' as const),
        dataset: someDataset,
        basedOn: someVersion,
        minutes: fc.integer({ min: 20, max: 90 })
      })
      .map(({ minutes, ...command }): Command => ({
        ...command,
        policy: { ...datasets.find(({ id }) => id === command.dataset)!.policy, maxDuration: minutes * MINUTE },
        description: { minutes }
      }))
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('dataset.retire' as const),
      dataset: someDataset,
      basedOn: fc.constant(2)
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('run.start' as const),
      run: fc.constantFrom('0', '1'),
      leases: fc.uniqueArray(someLease, { maxLength: 2 }),
      plan: fc.constant('ab'.repeat(32)),
      images: fc.constant([]),
      facts: fc.constant({})
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('run.end' as const),
      run: fc.constantFrom('0', '1'),
      state: fc.constant('Failed' as const)
    })
  }
);

interface Step {
  readonly by: Party;
  readonly command: Command;
  /** ms by which the system's clock jumps before; back, too. */
  readonly jump: number;
  /** Given by someone who may, where that can be told: else most steps would be refused for who takes them. */
  readonly rightful: boolean;
}
const someStep: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom(...people),
  command: someCommand,
  rightful: fc.boolean(),
  jump: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -10, max: 40 }).map(minutes => minutes * MINUTE) }
  )
});

/** A ledger of three organizations that took some steps. */
class Play {
  readonly replica = new Replica();
  readonly accepted: { readonly signed: SignedCommand; readonly receipt: Receipt }[] = [];
  #clock = START;
  #count = 0;
  readonly #leases: string[] = [];
  readonly #runs: string[] = [];

  constructor() {
    parties.forEach(party => this.submit(party.joins(START)));
    datasets.forEach(({ id, policy }, n) => this.submit(parties[n]!.publishes(id, START, policy)));
    expect(this.replica.entries).toHaveLength(6);
  }

  submit(signed: SignedCommand): Receipt | Refusal {
    const draft = new Draft(this.replica);
    const answer = draft.submit(signed, this.#clock);
    this.replica.commit(draft);
    if (answer.ok) {
      this.accepted.push({ signed, receipt: answer });
      const { command } = signed.envelope;
      if (command.type === 'lease.request') {
        this.#leases.push(command.lease);
      } else if (command.type === 'run.start') {
        this.#runs.push(command.run);
      }
    }
    return answer;
  }

  take({ jump, ...step }: Step): { readonly by: Party; readonly answer: Receipt | Refusal } {
    this.#clock += jump;
    const command = this.#named(step.command);
    const by = (step.rightful ? this.#rightful(command) : undefined) ?? step.by;
    const time = Math.max(this.#clock, this.replica.entries.at(-1)?.time ?? 0);
    return { by, answer: this.submit(by.signs(command, time, `c${this.#count++}`)) };
  }

  #named(command: Command): Command {
    switch (command.type) {
      case 'lease.request':
        return { ...command, lease: `l${this.#count}` };
      case 'run.start':
        return {
          ...command,
          run: `r${this.#count}`,
          leases: [...new Set(command.leases.map(age => this.#lease(age)))]
        };
      case 'run.end':
        return { ...command, run: this.#runs.at(-1 - Number(command.run)) ?? 'none' };
      default:
        return 'lease' in command ? { ...command, lease: this.#lease(command.lease) } : command;
    }
  }

  #lease(age: string): string {
    return this.#leases.at(-1 - Number(age)) ?? 'none';
  }

  #rightful(command: Command): Party | undefined {
    const lease = 'lease' in command ? this.replica.record('lease', command.lease) : undefined;
    const byHolder = command.type === 'lease.renew' || command.type === 'lease.release';
    return people.find(({ organization, user }) =>
      byHolder ? organization === lease?.organization && user === lease.user : organization === lease?.owner
    );
  }

  leases(): LeaseRecord[] {
    return this.#leases.flatMap(id => this.replica.record('lease', id) ?? []);
  }

  dataset(id: string): DatasetRecord {
    return this.replica.record('dataset', id)!;
  }
}

const play = (steps: readonly Step[]) => {
  const stage = new Play();
  steps.forEach(step => stage.take(step));
  return stage;
};
const someSteps = fc.array(someStep, { minLength: 20, maxLength: 50, size: 'max' });
const runs = { numRuns: 30 };

/** Checks a property after every step of many plays. */
function always(
  check: (stage: Play, step: Step, answer: Receipt | Refusal, before: Map<string, unknown>) => void
): void {
  fc.assert(
    fc.property(someSteps, steps => {
      const stage = new Play();
      for (const step of steps) {
        const before = new Map<string, unknown>([
          ...datasets.map(({ id }) => [id, stage.dataset(id)] as const),
          ...stage.leases().map(lease => [lease.id, lease] as const)
        ]);
        const { by, answer } = stage.take(step);
        check(stage, { ...step, by }, answer, before);
      }
    }),
    runs
  );
}

describe('whatever three organizations do, in whatever order, with whatever clocks', () => {
  test('a dataset never has more active leases than its policy allows, nor a person two of them', () => {
    always(stage => {
      const now = stage.replica.entries.at(-1)!.time;
      for (const { id, policy } of datasets) {
        const active = stage.leases().filter(lease => lease.dataset === id && leaseState(lease, now) === 'active');
        expect(active.length).toBeLessThanOrEqual(policy.concurrency);
        expect(new Set(active.map(({ organization, user }) => `${user}@${organization}`)).size).toBe(active.length);
      }
    });
  });

  test('only its owner changes what a dataset offers', () => {
    always((stage, { by }, _answer, before) => {
      for (const { id } of datasets) {
        const { owner, version, policy, description, state } = before.get(id) as DatasetRecord;
        const after = stage.dataset(id);
        const same = after.version === version;
        expect({ ...after, version, policy, description, state }).toMatchObject({ owner, version });
        expect(same || by.organization === owner).toBe(true);
        expect(!same || (after.policy === policy && after.description === description && after.state === state)).toBe(
          true
        );
      }
    });
  });

  test('only its holder or the owner ends a lease, and nothing changes one that ended or expired', () => {
    always((stage, { by }, answer, before) => {
      const now = answer.ok ? answer.time : 0;
      for (const lease of stage.leases()) {
        const was = before.get(lease.id) as LeaseRecord | undefined;
        if (was === undefined || was === lease) {
          continue;
        }
        const isHolder = by.organization === was.organization && by.user === was.user;
        expect(isHolder || by.organization === was.owner).toBe(true);
        expect(['requested', 'active']).toContain(leaseState(was, now));
      }
    });
  });

  test('a lease lasts no longer than the policy of its grant or renewal allows, and fencing numbers only grow', () => {
    always((stage, _step, answer, before) => {
      for (const event of answer.ok ? answer.events : []) {
        if (event.type === 'lease.granted' || event.type === 'lease.renewed') {
          const { lease } = event;
          const dataset = stage.dataset(lease.dataset);
          expect(lease.expiresAt! - stage.replica.entries.at(-1)!.time).toBeLessThanOrEqual(dataset.policy.maxDuration);
          expect(lease.renewals).toBeLessThanOrEqual(dataset.policy.renewals);
          if (event.type === 'lease.granted') {
            expect(lease.fencing).toBe((before.get(dataset.id) as DatasetRecord).fencing + 1);
            expect(dataset.fencing).toBe(lease.fencing);
          }
        }
      }
    });
  });

  test('a run starts only under leases that its user holds and that are active', () => {
    always((stage, { by }, answer) => {
      for (const event of answer.ok ? answer.events : []) {
        if (event.type === 'run.started') {
          const { organization, user } = by;
          for (const lease of event.run.leases.map(id => stage.replica.record('lease', id)!)) {
            expect(lease).toMatchObject({ organization, user });
            expect(leaseState(lease, event.run.startedAt)).toBe('active');
          }
        }
      }
    });
  });

  test('every answer is one that the table of commands names, and a refusal changes nothing', () => {
    always((stage, { command }, answer, before) => {
      const row = commands[command.type];
      if (answer.ok) {
        expect(row.events).toEqual(expect.arrayContaining(answer.events.map(({ type }) => type)));
      } else {
        expect([...row.refusals, ...commonRefusals]).toContain(answer.code);
        expect(answer.message).toMatch(/\.$/);
        [...datasets.map(({ id }) => stage.dataset(id)), ...stage.leases()].forEach(record =>
          expect(before.get(record.id)).toBe(record)
        );
      }
    });
  });

  test('replaying the log gives the same state, byte for byte', () => {
    fc.assert(
      fc.property(someSteps, steps => {
        const { replica } = play(steps);
        const copy = new Replica();
        for (const { index, time, signed } of JSON.parse(JSON.stringify(replica.entries)) as Entry[]) {
          const draft = new Draft(copy);
          expect(draft.replay({ index, time, signed }, false)).toBeUndefined();
          copy.commit(draft);
        }
        expect(copy.snapshot()).toBe(replica.snapshot());
        expect(JSON.stringify(copy.entries)).toBe(JSON.stringify(replica.entries));
      }),
      { numRuns: 20 }
    );
  });

  test('a command that was accepted gives its receipt again, and its id serves no other', () => {
    fc.assert(
      fc.property(someSteps, steps => {
        const stage = play(steps);
        const before = stage.replica.snapshot();
        for (const { signed, receipt } of [...stage.accepted]) {
          expect(stage.submit(signed)).toEqual(receipt);
          const { id, time } = signed.envelope;
          const other = parties[0]!.signs({ type: 'lease.deny', lease: 'l9' }, time, id);
          expect(stage.submit(other)).toMatchObject({ ok: false, code: 'ID_REUSED' });
        }
        expect(stage.replica.snapshot()).toBe(before);
      }),
      { numRuns: 20 }
    );
  });
});
