import fc from 'fast-check';
import type { Command, LedgerPolicy, Motion } from '../commands.js';

export const MINUTE = 60_000;
export const organizations = ['uis', 'uio', 'ntnu'];
export const algorithms = ['a1'.repeat(32), 'a2'.repeat(32)];

/** The command of a step names things by their age (`0` is the latest), keys by their number, and no new id. */
export interface Step {
  readonly command: Command;
  /** Which of the people gives it; where it is `rightful`, one who may, if there is one. */
  readonly by: number;
  readonly rightful: boolean;
  /** ms by which the system's clock jumps before; back, too. */
  readonly jump: number;
  /** What goes wrong with it, or before it. */
  readonly mishap: 'none' | 'crash' | 'late' | 'old key' | 'again' | 'id again';
}

const is = <T extends string>(...types: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...types);
const age = fc.constantFrom('0', '0', '0', '1', '1', '2', '3', 'none');
const key = fc.constantFrom('0', '1', '2');
const purpose = fc.constantFrom('research', 'research', 'teaching');
const duration = fc.constantFrom(20, 30, 45, 60, 70).map(minutes => minutes * MINUTE);
const algorithm = fc.constantFrom(...algorithms);
const none = fc.constant([] as string[]);

const policy: fc.Arbitrary<LedgerPolicy> = fc.record(
  {
    concurrency: fc.constantFrom(1, 1, 2),
    approval: fc.constantFrom('auto', 'owner'),
    maxDuration: fc.constantFrom(30, 60, 90).map(minutes => minutes * MINUTE),
    renewals: fc.constantFrom(0, 1, 2),
    purposes: fc.oneof(none, none, fc.constant(['research'])),
    organizations: fc.oneof(none, none, fc.constant(['uio', 'ntnu'])),
    mode: fc.constantFrom('access', 'access', 'compute'),
    algorithms: fc.oneof(fc.constantFrom('reviewed' as const, 'any' as const, 'raw' as const), fc.subarray(algorithms)),
    sites: fc.oneof(none, fc.constant(['local'])),
    egress: fc.oneof(none, fc.constant(['example.org'])),
    resultRelease: fc.constantFrom('auto', 'owner')
  },
  { requiredKeys: ['concurrency', 'approval', 'maxDuration', 'renewals', 'purposes', 'organizations'] }
);

/** Few, so that several vote for the same one. */
const motion: fc.Arbitrary<Motion> = fc.oneof(
  fc.record({ type: is('admit'), organization: is('uis', 'ntnu', 'ntnu'), publicKey: is('0', '0', '1') }),
  fc.record({ type: is('expel'), organization: is('uis', 'ntnu', 'ntnu') }),
  fc.constantFrom(
    { type: 'configure', membership: 'closed', majority: 'half' },
    { type: 'configure', membership: 'closed', majority: 'two-thirds' },
    { type: 'configure', membership: 'open', majority: 'all' }
  )
);

type Weighted = fc.WeightedArbitrary<Command>;
const of = (weight: number, arbitrary: fc.Arbitrary<Command>): Weighted => ({ weight, arbitrary });

const DAY = 24 * 60;
const someLeases: fc.Arbitrary<string[]> = fc.oneof(
  fc.constantFrom<string[]>(['0'], ['1']),
  fc.uniqueArray(age, { maxLength: 2 }).map(ages => [...ages])
);

/** Every command; those that much depends on more often. */
const command: fc.Arbitrary<Command> = fc.oneof(
  of(3, fc.record({ type: is('organization.join'), name: fc.constant('x'), publicKey: key })),
  of(2, fc.record({ type: is('organization.rotate'), publicKey: key, proof: fc.constant('') })),
  of(1, fc.record({ type: is('organization.leave') })),
  of(8, fc.record({ type: is('consortium.vote'), motion })),
  of(
    2,
    fc.record({
      type: is('dataset.publish'),
      dataset: fc.constantFrom('new', '0'),
      policy,
      description: fc.constant({}),
      sealed: fc.constant('5e'.repeat(32))
    })
  ),
  of(
    2,
    fc.record({
      type: is('dataset.update'),
      dataset: age,
      basedOn: fc.constantFrom(0, 0, 1),
      policy,
      description: fc.constant({})
    })
  ),
  of(1, fc.record({ type: is('dataset.retire'), dataset: age, basedOn: fc.constantFrom(0, 0, 1) })),
  of(
    14,
    fc.record({
      type: is('lease.request'),
      lease: fc.constantFrom('new', 'new', 'new', '0'),
      dataset: age,
      purpose,
      duration
    })
  ),
  of(8, fc.record({ type: is('lease.approve'), lease: age })),
  of(4, fc.record({ type: is('lease.renew'), lease: age, duration })),
  of(4, fc.record({ type: is('lease.release', 'lease.revoke', 'lease.deny'), lease: age }) as fc.Arbitrary<Command>),
  of(
    8,
    fc
      .record({
        run: fc.constantFrom('new', 'new', 'new', '0'),
        leases: someLeases,
        used: fc.array(fc.record({ lease: age, algorithm }), { maxLength: 2 }),
        all: fc.constantFrom(true, true, true, false),
        algorithm,
        site: fc.constantFrom('local', 'local', 'elsewhere'),
        egress: fc.oneof(none, none, fc.constant(['example.org']))
      })
      .map(({ leases, used, all, algorithm: one, ...more }): Command => {
        const uses = all ? leases.map(lease => ({ lease, algorithm: one })) : used;
        return { type: 'run.start', leases, uses, plan: 'cd'.repeat(32), images: [], facts: {}, ...more };
      })
  ),
  of(4, fc.record({ type: is('run.end'), run: age, state: fc.constant('Succeeded' as const) })),
  of(4, fc.record({ type: is('result.release', 'result.refuse'), run: age }) as fc.Arbitrary<Command>),
  of(4, fc.record({ type: is('algorithm.approve', 'algorithm.withdraw'), algorithm }) as fc.Arbitrary<Command>)
);

export const step: fc.Arbitrary<Step> = fc.record({
  command,
  by: fc.constantFrom(0, 1, 2, 3, 4, 5),
  rightful: fc.constantFrom(true, true, true, false),
  jump: fc.oneof(
    { weight: 40, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.constantFrom(-10, 1, 10, 20, 40).map(minutes => minutes * MINUTE) },
    { weight: 1, arbitrary: fc.constantFrom(DAY, 31 * DAY).map(minutes => minutes * MINUTE) }
  ),
  mishap: fc.oneof(
    { weight: 30, arbitrary: fc.constant('none' as const) },
    { weight: 2, arbitrary: fc.constantFrom('crash' as const, 'again' as const) },
    { weight: 1, arbitrary: fc.constantFrom('late' as const, 'old key' as const, 'id again' as const) }
  )
});
