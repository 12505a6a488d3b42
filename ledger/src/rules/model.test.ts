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
const leaseIds = ['l0', 'l1', 'l2', 'l3', 'l4', 'l5'];
const runIds = ['r0', 'r1'];

const someDataset = fc.constantFrom(...datasets.map(({ id }) => id));
const someLease = fc.constantFrom(...leaseIds);
const someDuration = fc.integer({ min: 1, max: 70 }).map(minutes => minutes * MINUTE);
const someVersion = fc.integer({ min: 1, max: 3 });
const purpose = 'research';
const requests = fc.record({ type: fc.constant('lease.request' as const), lease: someLease, dataset: someDataset, purpose: fc.constant(purpose), duration: someDuration });
const someCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: requests },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('lease.approve' as const, 'lease.deny' as const), lease: someLease }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('lease.renew' as const), lease: someLease, duration: someDuration }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('lease.release' as const, 'lease.revoke' as const), lease: someLease }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('dataset.update' as const), dataset: someDataset, basedOn: someVersion, minutes: fc.integer({ min: 20, max: 90 }) }).map(
      ({ minutes, ...command }): Command => ({
        ...command,
        policy: { ...datasets.find(({ id }) => id === command.dataset)!.policy, maxDuration: minutes * MINUTE },
        description: { minutes }
      })
    )
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('dataset.retire' as const), dataset: someDataset, basedOn: fc.constant(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('run.start' as const),
      run: fc.constantFrom(...runIds),
      leases: fc.uniqueArray(someLease, { maxLength: 2 }),
      plan: fc.constant('ab'.repeat(32)),
      images: fc.constant([]),
      facts: fc.constant({})
    })
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('run.end' as const), run: fc.constantFrom(...runIds), state: fc.constant('Failed' as const) }) }
);

interface Step {
  readonly by: Party;
  readonly command: Command;
  /** ms by which the system's clock jumps before; back, too. */
  readonly jump: number;
}
const someStep: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom(...people),
  command: someCommand,
  jump: fc.oneof(fc.constant(0), fc.integer({ min: -10 * MINUTE, max: 30 * MINUTE }))
});

/** A ledger of three organizations that took some steps. */
class Play {
  readonly replica = new Replica();
  readonly accepted: { readonly signed: SignedCommand; readonly receipt: Receipt }[] = [];
  #clock = START;
  #count = 0;

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
    }
    return answer;
  }

  take({ by, command, jump }: Step): Receipt | Refusal {
    this.#clock += jump;
    const time = Math.max(this.#clock, this.replica.entries.at(-1)?.time ?? 0);
    return this.submit(by.signs(command, time, `c${this.#count++}`));
  }

  leases(): LeaseRecord[] {
    return leaseIds.flatMap(id => this.replica.record('lease', id) ?? []);
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
const someSteps = fc.array(someStep, { minLength: 1, maxLength: 50 });
const runs = { numRuns: 60 };

/** Checks a property after every step of many plays. */
function always(check: (stage: Play, step: Step, answer: Receipt | Refusal, before: Map<string, unknown>) => void): void {
  fc.assert(
    fc.property(someSteps, steps => {
      const stage = new Play();
      for (const step of steps) {
        const before = new Map<string, unknown>([
          ...datasets.map(({ id }) => [id, stage.dataset(id)] as const),
          ...stage.leases().map(lease => [lease.id, lease] as const)
        ]);
        const answer = stage.take(step);
        check(stage, step, answer, before);
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
        expect(!same || (after.policy === policy && after.description === description && after.state === state)).toBe(true);
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
        [...datasets.map(({ id }) => stage.dataset(id)), ...stage.leases()].forEach(record => expect(before.get(record.id)).toBe(record));
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
