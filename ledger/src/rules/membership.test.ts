import type { Command, Motion } from '../commands.js';
import { createKeyPair } from '../keys.js';
import { accepts, refuses } from '../testing/cases.js';
import { NOW, publicKey, publish, request, retire, start, World, type Who } from '../testing/world.js';
import type { ConsortiumRecord, MotionRecord } from '../state.js';
import { VOTE_LIFETIME } from './limits.js';
import { isCarried, motionName } from './motion.js';

const { publicKey: otherKey } = createKeyPair();
const proof = `${'A'.repeat(86)}==`;
const leave: Command = { type: 'organization.leave' };
const join = (key = publicKey): Command => ({ type: 'organization.join', name: 'Bergen', publicKey: key });
const rotate = (key: string, witness?: string): Command => ({
  type: 'organization.rotate',
  publicKey: key,
  proof,
  ...(witness !== undefined && { witness })
});
const vote = (motion: Motion): Command => ({ type: 'consortium.vote', motion });
const admit = (organization = 'uib', key = publicKey) => ({ type: 'admit', organization, publicKey: key }) as const;
const expel = (organization = 'ntnu') => ({ type: 'expel', organization }) as const;
const configure = (membership: 'open' | 'closed', majority: 'half' | 'two-thirds' | 'all' = 'half') =>
  ({ type: 'configure', membership, majority }) as const;

/** Members uis, uio and ntnu, after each of these people voted for a motion. */
const voted = (motion: Motion, ...people: readonly Who[]): World =>
  people.reduce((world, who) => world.must(who, vote(motion)), new World());
const closed = (): World => voted(configure('closed'), 'ola@uis', 'kari@uio');
const members = (world: World): readonly string[] =>
  (world.state.get('consortium/settings') as ConsortiumRecord).members.map(({ organization }) => organization);
const expelled = (): World => voted(expel(), 'ola@uis', 'kari@uio');

describe('an organization', () => {
  accepts([
    {
      what: 'takes a new key, and keeps its witness',
      world: () => new World().must('eva@uib', { ...join(), witness: otherKey } as Command),
      who: 'eva@uib',
      command: rotate(otherKey),
      events: [{ type: 'organization.rotated', organization: { id: 'uib', publicKey: otherKey, witness: otherKey } }]
    },
    {
      what: 'takes a new witness under its key',
      world: () => new World(),
      who: 'eva@ntnu',
      command: rotate(publicKey, otherKey),
      events: [{ type: 'organization.rotated', organization: { id: 'ntnu', publicKey, witness: otherKey } }]
    },
    {
      what: 'leaves',
      world: () => new World(),
      who: 'eva@ntnu',
      command: leave,
      events: [{ type: 'organization.left', organization: { id: 'ntnu', publicKey, gone: 'left' } }]
    },
    {
      what: 'leaves when what it offered is retired, though others hold leases of it',
      world: () =>
        new World()
          .dataset('d')
          .dataset('e')
          .lease('l', 'd')
          .must('ola@uis', retire('d', 1))
          .must('ola@uis', retire('e', 1)),
      who: 'ola@uis',
      command: leave,
      events: [{ type: 'organization.left', organization: { offers: 0, gone: 'left' } }]
    },
    {
      what: 'that left comes back with its last key',
      world: () => new World().must('eva@ntnu', leave),
      who: 'eva@ntnu',
      command: join(),
      events: [{ type: 'organization.joined', organization: { id: 'ntnu', name: 'Bergen', publicKey } }]
    },
    {
      what: 'that left comes back with another key, when admitted with that',
      world: () =>
        new World()
          .must('eva@ntnu', leave)
          .must('ola@uis', vote(admit('ntnu', otherKey)))
          .must('kari@uio', vote(admit('ntnu', otherKey))),
      who: 'eva@ntnu',
      command: join(otherKey),
      events: [{ type: 'organization.joined', organization: { publicKey: otherKey } }]
    },
    {
      what: 'that was expelled comes back when admitted; what it offers is there again',
      world: () =>
        new World()
          .must('eva@ntnu', publish('d'))
          .must('ola@uis', vote(expel()))
          .must('kari@uio', vote(expel()))
          .must('ola@uis', vote(admit('ntnu')))
          .must('kari@uio', vote(admit('ntnu'))),
      who: 'eva@ntnu',
      command: join(),
      events: [{ type: 'organization.joined', organization: { id: 'ntnu', offers: 1 } }]
    },
    {
      what: 'joins a closed consortium when admitted',
      world: () => closed().must('ola@uis', vote(admit())).must('kari@uio', vote(admit())),
      who: 'eva@uib',
      command: join(),
      events: [{ type: 'organization.joined', organization: { id: 'uib' } }]
    }
  ]);

  const gone = (what: string, world: () => World, message: string) => ({
    what,
    world,
    who: 'eva@ntnu' as const,
    code: 'NOT_MEMBER',
    message
  });
  refuses([
    {
      what: 'that rotates to what it has',
      world: () => new World(),
      who: 'eva@ntnu',
      command: rotate(publicKey),
      code: 'INVALID',
      message: 'Organization ntnu has these keys already. Name a new key, or a new witness.'
    },
    {
      what: 'that offers datasets does not leave',
      world: () => new World().dataset('d').dataset('e').must('ola@uis', retire('d', 1)),
      who: 'ola@uis',
      command: leave,
      code: 'WRONG_STATE',
      message: 'Organization uis offers 1 dataset still. Retire what it offers, then leave.'
    },
    {
      what: 'that is the last of a closed consortium does not leave',
      world: () => closed().must('eva@ntnu', leave).must('kari@uio', leave),
      who: 'ola@uis',
      command: leave,
      code: 'WRONG_STATE',
      message: 'Organization uis is the last member of a closed consortium: nobody could join it again. Open it first.'
    },
    ...[publish('d'), rotate(otherKey), leave, vote(admit())].map(command => ({
      ...gone(
        `that left gives no ${command.type}`,
        () => new World().must('eva@ntnu', leave),
        'Organization ntnu has left. Join it again first.'
      ),
      command
    })),
    {
      ...gone('that was expelled gives no command', expelled, 'Organization ntnu was expelled. Join it again first.'),
      command: publish('d')
    },
    {
      what: 'that was not admitted does not join a closed consortium',
      world: closed,
      who: 'eva@uib',
      command: join(),
      code: 'NOT_ADMITTED',
      message: 'The consortium is closed. Ask its members to vote that uib is admitted with this key, then join again.'
    },
    {
      what: 'that was admitted with another key does not join',
      world: () => closed().must('ola@uis', vote(admit())).must('kari@uio', vote(admit())),
      who: 'eva@uib',
      command: join(otherKey),
      code: 'NOT_ADMITTED',
      message: 'The consortium is closed. Ask its members to vote that uib is admitted with this key, then join again.'
    },
    {
      what: 'that was admitted once does not come back by that',
      world: () =>
        closed()
          .must('ola@uis', vote(admit()))
          .must('kari@uio', vote(admit()))
          .must('eva@uib', join())
          .must('eva@uib', leave),
      who: 'eva@uib',
      command: join(),
      code: 'NOT_ADMITTED',
      message: 'The consortium is closed. Ask its members to vote that uib is admitted with this key, then join again.'
    },
    {
      what: 'that was expelled does not come back by itself',
      world: expelled,
      who: 'eva@ntnu',
      command: join(),
      code: 'NOT_ADMITTED',
      message:
        'Organization ntnu was expelled. Ask its members to vote that ntnu is admitted with this key, then join again.'
    },
    {
      what: 'that left is not taken over',
      world: () => new World().must('eva@ntnu', leave),
      who: 'mallory@ntnu',
      command: join(otherKey),
      code: 'NOT_ADMITTED',
      message:
        'Organization ntnu left with another key: join with that one. Ask its members to vote that ntnu is admitted with this key, then join again.'
    }
  ]);

  test('that is one too many does not join', () => {
    const world = new World();
    const full = Array.from({ length: 1000 }, (_, n) => ({ organization: `o${n}`, term: n + 1 }));
    world.state.set('consortium/settings', { membership: 'open', majority: 'half', members: full, joins: 1000 });
    expect(world.give('eva@uib', join())).toEqual({
      ok: false,
      code: 'NOT_ADMITTED',
      message: 'The consortium has 1000 members, the most there may be. Join another.'
    });
  });
});

describe('what an organization that was expelled offers', () => {
  const world = (): World =>
    new World()
      .must('eva@ntnu', publish('d', { renewals: 9, concurrency: 9 }))
      .lease('l', 'd')
      .must('ola@uis', vote(expel()))
      .must('kari@uio', vote(expel()));
  const gone = {
    world,
    who: 'kari@uio' as const,
    code: 'RETIRED',
    message: 'Dataset d is of ntnu, which is no member any more. Choose another.'
  };
  refuses([
    { ...gone, what: 'is not leased', command: request('m', 'd') },
    { ...gone, what: 'is not renewed', command: { type: 'lease.renew', lease: 'l', duration: 3_600_000 } },
    { ...gone, what: 'is not used', command: start('r', ['l']) }
  ]);
});

describe('a motion', () => {
  const until = NOW + VOTE_LIFETIME;
  accepts([
    {
      what: 'waits for a majority',
      world: () => new World(),
      who: 'ola@uis',
      command: vote(admit()),
      events: [
        {
          type: 'consortium.voted',
          motion: { motion: admit(), votes: [{ organization: 'uis', term: 1, user: 'ola', until }] }
        }
      ]
    },
    {
      what: 'to admit is carried',
      world: () => voted(admit(), 'ola@uis'),
      who: 'kari@uio',
      command: vote(admit()),
      events: [
        {
          type: 'consortium.voted',
          motion: { votes: [{ organization: 'uis' }, { organization: 'uio' }], carriedAt: NOW }
        },
        { type: 'organization.admitted', admission: { organization: 'uib', publicKey, admittedAt: NOW } }
      ]
    },
    {
      what: 'to expel is carried by the others',
      world: () => voted(expel(), 'ola@uis'),
      who: 'kari@uio',
      command: vote(expel()),
      events: [
        { type: 'consortium.voted', motion: { carriedAt: NOW } },
        { type: 'organization.expelled', organization: { id: 'ntnu', gone: 'expelled' } }
      ]
    },
    {
      what: 'to configure is carried',
      world: () => voted(configure('closed', 'all'), 'ola@uis'),
      who: 'kari@uio',
      command: vote(configure('closed', 'all')),
      events: [
        { type: 'consortium.voted', motion: { carriedAt: NOW } },
        { type: 'consortium.configured', consortium: { membership: 'closed', majority: 'all' } }
      ]
    },
    {
      what: 'has one vote of each member: the last one tells how long it counts',
      world: () => voted(admit(), 'ola@uis').later(7),
      who: 'per@uis',
      command: vote(admit()),
      events: [
        { type: 'consortium.voted', motion: { votes: [{ organization: 'uis', user: 'per', until: until + 7 }] } }
      ]
    },
    {
      what: 'has a vote until just before its end',
      world: () => voted(admit(), 'ola@uis').later(VOTE_LIFETIME - 1),
      who: 'kari@uio',
      command: vote(admit()),
      events: [{ type: 'consortium.voted', motion: {} }, { type: 'organization.admitted' }]
    },
    {
      what: 'loses a vote at its end',
      world: () => voted(admit(), 'ola@uis').later(VOTE_LIFETIME),
      who: 'kari@uio',
      command: vote(admit()),
      events: [{ type: 'consortium.voted', motion: { votes: [{ organization: 'uio' }] } }]
    },
    {
      what: 'loses the vote of a member that left, though it came back',
      world: () => voted(admit(), 'ola@uis').must('ola@uis', leave).must('ola@uis', join()),
      who: 'kari@uio',
      command: vote(admit()),
      events: [{ type: 'consortium.voted', motion: { votes: [{ organization: 'uio' }] } }]
    },
    {
      what: 'loses no vote by a new key of its voter',
      world: () => voted(admit(), 'ola@uis').must('ola@uis', rotate(otherKey)),
      who: 'kari@uio',
      command: vote(admit()),
      events: [{ type: 'consortium.voted', motion: {} }, { type: 'organization.admitted' }]
    },
    {
      what: 'begins anew after it was carried',
      world: () =>
        expelled()
          .must('ola@uis', vote(admit('ntnu')))
          .must('kari@uio', vote(admit('ntnu')))
          .must('eva@ntnu', join()),
      who: 'ola@uis',
      command: vote(expel()),
      events: [{ type: 'consortium.voted', motion: { votes: [{ organization: 'uis' }] } }]
    }
  ]);

  refuses([
    {
      what: 'to admit a member',
      world: () => new World(),
      who: 'ola@uis',
      command: vote(admit('ntnu', otherKey)),
      code: 'EXISTS',
      message: 'Organization ntnu is a member already. Nothing is left to do.'
    },
    {
      what: 'to admit whom it admitted',
      world: () => voted(admit(), 'ola@uis', 'kari@uio'),
      who: 'ola@uis',
      command: vote(admit()),
      code: 'EXISTS',
      message: 'Organization uib is admitted with this key already. Nothing is left to do.'
    },
    {
      what: 'to expel who is no member',
      world: () => new World(),
      who: 'ola@uis',
      command: vote(expel('uib')),
      code: 'UNKNOWN_ORGANIZATION',
      message: 'Organization uib is no member. Nothing is left to do.'
    },
    {
      what: 'to expel oneself',
      world: () => new World(),
      who: 'eva@ntnu',
      command: vote(expel()),
      code: 'INVALID',
      message: 'Organization ntnu does not vote on itself. It may leave.'
    },
    {
      what: 'to configure what is so',
      world: () => new World(),
      who: 'ola@uis',
      command: vote(configure('open')),
      code: 'EXISTS',
      message: 'The consortium is open, with a majority of half, already. Nothing is left to do.'
    }
  ]);

  test('carries out on the state what it says', () => {
    expect(members(new World())).toEqual(['uis', 'uio', 'ntnu']);
    const world = expelled();
    expect(members(world)).toEqual(['uis', 'uio']);
    expect((world.state.get(`motion/${motionName(expel())}`) as MotionRecord).carriedAt).toBe(NOW);
    world
      .must('ola@uis', vote(admit('ntnu')))
      .must('kari@uio', vote(admit('ntnu')))
      .must('eva@ntnu', join());
    expect(members(world)).toEqual(['uis', 'uio', 'ntnu']);
    expect(world.state.get('admission/ntnu')).toMatchObject({ spent: true });
  });

  // Of so many members, the fewest votes that carry it; none: no number does.
  test.each([
    ['half', { 1: 1, 2: 2, 3: 2, 4: 3, 5: 3 }],
    ['two-thirds', { 1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4 }],
    ['all', { 1: 1, 2: 2, 3: 3, 6: 6 }]
  ] as const)('under %s needs just so many votes', (majority, fewest) => {
    for (const [count, needed] of Object.entries(fewest)) {
      const all = Array.from({ length: Number(count) }, (_, n) => ({
        organization: `o${n}`,
        term: n,
        user: 'u',
        until: 1
      }));
      const consortium = { membership: 'closed', majority, members: all, joins: 9 } as const;
      const carrying = [...all.keys(), all.length].filter(votes => isCarried(admit(), all.slice(0, votes), consortium));
      expect(carrying[0]).toBe(needed);
    }
  });

  test.each([
    [1, undefined],
    [2, undefined],
    [3, 2],
    [4, 2],
    [5, 3]
  ])('to expel one of %d needs the votes of %s others, under half', (count, needed) => {
    const all = Array.from({ length: count }, (_, n) => ({ organization: `o${n}`, term: n, user: 'u', until: 1 }));
    const consortium = { membership: 'closed', majority: 'half', members: all, joins: 9 } as const;
    const others = all.slice(1);
    const carrying = [...others.keys(), others.length].filter(votes =>
      isCarried(expel('o0'), [all[0]!, ...others.slice(0, votes)], consortium)
    );
    expect(carrying[0]).toBe(needed);
  });
});
