import type { Entry, Ledger, LeaseRecord, LedgerEvent } from '@jupyterflow/ledger';
import { ManualClock } from '../testing/clock.js';
import { LeaseWatch } from './watch.js';

const HOUR = 3_600_000;
const lease = (change: Partial<LeaseRecord> = {}): LeaseRecord => ({
  id: 'ls_11111111',
  dataset: 'ds_11111111',
  owner: 'uis',
  organization: 'uib',
  user: 'kari',
  purpose: 'teaching',
  duration: HOUR,
  state: 'active',
  requestedAt: 0,
  grantedAt: 0,
  expiresAt: HOUR,
  fencing: 1,
  renewals: 0,
  ...change
});

/** A watch over a ledger that says what it is told to. */
function watching(): {
  watch: LeaseWatch;
  clock: ManualClock;
  say: (type: LedgerEvent['type'], record: LeaseRecord) => void;
} {
  const listeners = new Set<(entry: Entry) => void>();
  const ledger = {
    subscribe(listener: (entry: Entry) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  } as unknown as Ledger;
  const clock = new ManualClock(0);
  const say = (type: LedgerEvent['type'], record: LeaseRecord): void => {
    for (const listener of listeners) listener({ events: [{ type, lease: record }] } as unknown as Entry);
  };
  return { watch: new LeaseWatch(ledger, clock), clock, say };
}
const named = [{ id: 'ls_11111111', title: 'Penguins' }];

describe('who follows a lease', () => {
  test.each([
    ['lease.released', 'released'],
    ['lease.revoked', 'revoked']
  ] as const)('hears once of %s', (type, state) => {
    const { watch, say } = watching();
    say('lease.granted', lease());
    const heard: string[] = [];
    const following = watch.follow(named, reason => heard.push(reason));
    expect(following.reason()).toBeUndefined();
    say(type, lease({ state }));
    say(type, lease({ state }));
    expect(heard).toEqual([`lease ls_11111111 of Penguins ended: ${state}`]);
    expect(following.reason()).toBe(`lease ls_11111111 of Penguins ended: ${state}`);
  });

  test('hears of its end at that millisecond, and not before', () => {
    const { watch, clock } = watching();
    watch.load([lease()]);
    const heard: string[] = [];
    const following = watch.follow(named, reason => heard.push(reason));
    clock.advance(HOUR - 1);
    expect([heard, following.reason()]).toEqual([[], undefined]);
    clock.advance(1);
    expect(heard).toEqual(['lease ls_11111111 of Penguins ended: expired']);
  });

  test('knows the end by the time, before any timer has said so', () => {
    const { watch } = watching();
    const clock = new ManualClock(HOUR);
    const late = new LeaseWatch({ subscribe: () => () => undefined } as unknown as Ledger, clock);
    late.load([lease()]);
    expect(late.follow(named, () => undefined).reason()).toBe('lease ls_11111111 of Penguins ended: expired');
    watch.close();
  });

  test('goes on after a renewal', () => {
    const { watch, clock, say } = watching();
    say('lease.granted', lease());
    const heard: string[] = [];
    watch.follow(named, reason => heard.push(reason));
    say('lease.renewed', lease({ expiresAt: 2 * HOUR }));
    clock.advance(HOUR);
    expect(heard).toEqual([]);
    clock.advance(HOUR);
    expect(heard).toHaveLength(1);
  });

  test('hears at once of a lease that is not active', () => {
    const { watch } = watching();
    const heard: string[] = [];
    watch.follow(named, reason => heard.push(reason));
    expect(heard).toEqual(['lease ls_11111111 of Penguins ended: not active']);
  });

  test('hears nothing after it has let go', () => {
    const { watch, clock, say } = watching();
    say('lease.granted', lease());
    const heard: string[] = [];
    watch.follow(named, reason => heard.push(reason)).close();
    clock.advance(2 * HOUR);
    expect(heard).toEqual([]);
  });

  test('of several leases the first end counts', () => {
    const { watch, clock, say } = watching();
    say('lease.granted', lease());
    say('lease.granted', lease({ id: 'ls_22222222', expiresAt: HOUR / 2 }));
    const heard: string[] = [];
    watch.follow([...named, { id: 'ls_22222222', title: 'Chess' }], reason => heard.push(reason));
    clock.advance(HOUR / 2);
    expect(heard).toEqual(['lease ls_22222222 of Chess ended: expired']);
  });
});
