import { FakeHub } from '../testing/process.js';
import { ManualClock } from '../testing/clock.js';
import { organizations, people } from '../testing/rig.js';
import { cachedIdentity } from './cache.js';
import { hubIdentity } from './hub.js';
import { HubUnavailable, callerOf, mayAccess, type HubUser } from './identity.js';

describe('identity from the Hub', () => {
  let hub: FakeHub;
  beforeEach(async () => {
    hub = await FakeHub.open();
  });
  afterEach(() => hub.close());

  test('asks for the user with the token of the caller, and with nothing else', async () => {
    expect(await hubIdentity(`${hub.api}/`)('token-kari')).toEqual(people.kari);
    expect(hub.asked.map(one => [one.url, one.headers.authorization, one.headers.cookie])).toEqual([
      ['/hub/api/user', 'token token-kari', undefined]
    ]);
  });

  test('a token that the Hub does not know is nobody', async () => {
    expect(await hubIdentity(hub.api)('token-x')).toBeUndefined();
  });

  test('a Hub that is broken or away is not taken for a no', async () => {
    hub.broken = true;
    await expect(hubIdentity(hub.api)('token-kari')).rejects.toThrow(HubUnavailable);
    await expect(hubIdentity('http://127.0.0.1:1/hub/api')('token-kari')).rejects.toThrow('the Hub can not be reached');
  });
});

describe('the memory of identities', () => {
  const ask = (): { asked: string[]; answer: { user: HubUser | undefined } } & {
    get: ReturnType<typeof cachedIdentity>;
    clock: ManualClock;
  } => {
    const clock = new ManualClock(0);
    const asked: string[] = [];
    const answer: { user: HubUser | undefined } = { user: people.kari };
    const get = cachedIdentity(token => {
      asked.push(token);
      return Promise.resolve(answer.user);
    }, clock);
    return { asked, answer, get, clock };
  };

  test('serves reads for 30 s and writes for 2 s', async () => {
    const { get, asked, clock } = ask();
    const counts: number[] = [];
    for (const [wait, write] of [
      [0, true],
      [1999, true],
      [1, true],
      [29_999, false],
      [1, false],
      [2000, true]
    ] as const) {
      clock.advance(wait);
      await get('a', write);
      counts.push(asked.length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3, 4]);
  });

  test('a withdrawn token is nobody for the next write', async () => {
    const { get, answer, clock } = ask();
    await get('a', false);
    answer.user = undefined;
    clock.advance(2000);
    expect(await get('a', true)).toBeUndefined();
    expect(await get('a', false)).toBeUndefined();
  });

  test('no answer is remembered for another token', async () => {
    const { get, asked } = ask();
    await get('a', false);
    await get('b', false);
    expect(asked).toEqual(['a', 'b']);
  });
});

describe('organization and roles', () => {
  test.each([
    [['uis'], 'uis', ['researcher']],
    [['uis', 'uis-stewards'], 'uis', ['researcher', 'steward']],
    [['uib-stewards'], 'uib', ['researcher', 'steward']],
    [['chess', 'uio'], 'uio', ['researcher']],
    [['chess'], undefined, []],
    [[], undefined, []],
    [['uis', 'uib'], undefined, []],
    [['uis', 'uib-stewards'], undefined, []]
  ])('of the groups %j are %s, %j', (groups, organization, roles) => {
    const caller = callerOf({ ...people.ola, groups }, organizations);
    expect([caller.organization?.id, caller.roles]).toEqual([organization, roles]);
  });

  test.each([
    [['access:services'], true],
    [['self', 'access:services!service=platform'], true],
    [['access:services!service=platform-2'], false],
    [['access:services!user=kari'], false],
    [[], false]
  ])('the scopes %j give access: %s', (scopes, access) => expect(mayAccess(scopes, 'platform')).toBe(access));
});
