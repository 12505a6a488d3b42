import {
  byOwner,
  granted,
  HOUR,
  NOW,
  on,
  plan,
  publicKey,
  publish,
  renew,
  request,
  requested,
  retire,
  sealed,
  SECOND,
  start,
  update,
  World
} from '../testing/world.js';
import { accepts, refuses } from '../testing/cases.js';
import { createKeyPair } from '../keys.js';
import { exclusive } from '../scenario.js';
import { decideLater, decide } from './decide.js';
import type { StateKey } from './reads.js';

const { publicKey: witnessKey } = createKeyPair();

describe('accepted', () => {
  accepts([
    {
      what: 'an organization joins',
      world: () => new World(),
      who: 'eva@uib',
      command: { type: 'organization.join', name: 'Bergen', publicKey },
      events: [{ type: 'organization.joined', organization: { id: 'uib', name: 'Bergen', publicKey } }]
    },
    {
      what: 'an organization joins with a witness',
      world: () => new World(),
      who: 'eva@uib',
      command: { type: 'organization.join', name: 'Bergen', publicKey, witness: witnessKey },
      events: [{ type: 'organization.joined', organization: { id: 'uib', publicKey, witness: witnessKey } }]
    },
    {
      what: 'whoever publishes a dataset owns it',
      world: () => new World(),
      who: 'ola@uis',
      command: publish('d'),
      events: [
        {
          type: 'dataset.published',
          dataset: {
            id: 'd',
            owner: 'uis',
            version: 1,
            state: 'published',
            policy: exclusive,
            description: { title: 'd' },
            sealed,
            publishedAt: NOW,
            fencing: 0,
            leases: []
          }
        }
      ]
    },
    {
      what: 'its owner updates a dataset; leases and fencing stay',
      world: granted,
      who: 'ola@uis',
      command: update('d', 1, { concurrency: 3 }),
      events: [
        {
          type: 'dataset.updated',
          dataset: {
            version: 2,
            policy: { ...exclusive, concurrency: 3 },
            description: { title: 'new' },
            sealed,
            fencing: 1,
            leases: ['l']
          }
        }
      ]
    },
    {
      what: 'its owner retires a dataset',
      world: () => new World().dataset('d'),
      who: 'ola@uis',
      command: retire('d', 1),
      events: [{ type: 'dataset.retired', dataset: { version: 2, state: 'retired' } }]
    },
    {
      what: 'where the policy says auto a request is granted at once',
      world: () => new World().dataset('d').later(5),
      who: 'kari@uio',
      command: request('l', 'd'),
      events: [
        { type: 'lease.requested', lease: { state: 'requested', fencing: 0, renewals: 0 } },
        {
          type: 'lease.granted',
          lease: {
            id: 'l',
            dataset: 'd',
            owner: 'uis',
            organization: 'uio',
            user: 'kari',
            purpose: 'research',
            duration: HOUR,
            state: 'active',
            requestedAt: NOW + 5,
            grantedAt: NOW + 5,
            expiresAt: NOW + 5 + HOUR,
            fencing: 1,
            renewals: 0
          }
        }
      ]
    },
    {
      what: 'where the owner decides a request waits, even when there is no room',
      world: () => {
        const world = new World().dataset('d', byOwner).lease('other', 'd', 'eva@ntnu');
        world.must('ola@uis', on('lease.approve', 'other'));
        return world;
      },
      who: 'kari@uio',
      command: request('l', 'd'),
      events: [{ type: 'lease.requested', lease: { state: 'requested' } }]
    },
    {
      what: 'the owner approves; the time of the lease begins then',
      world: () => requested().later(7),
      who: 'ola@uis',
      command: on('lease.approve'),
      events: [
        {
          type: 'lease.granted',
          lease: { requestedAt: NOW, grantedAt: NOW + 7, expiresAt: NOW + 7 + HOUR, fencing: 1 }
        }
      ]
    },
    {
      what: 'the owner denies',
      world: requested,
      who: 'ola@uis',
      command: { type: 'lease.deny', lease: 'l', reason: 'not now' },
      events: [{ type: 'lease.denied', lease: { state: 'denied', endedAt: NOW, reason: 'not now' } }]
    },
    {
      what: 'the holder renews, counted from now',
      world: () => granted().later(HOUR / 2),
      who: 'kari@uio',
      command: renew(HOUR),
      events: [
        { type: 'lease.renewed', lease: { expiresAt: NOW + 1.5 * HOUR, renewals: 1, state: 'active', fencing: 1 } }
      ]
    },
    {
      what: 'the holder releases an active lease',
      world: () => granted().later(1),
      who: 'kari@uio',
      command: on('lease.release'),
      events: [{ type: 'lease.released', lease: { state: 'released', endedAt: NOW + 1 } }]
    },
    {
      what: 'the holder withdraws a request',
      world: requested,
      who: 'kari@uio',
      command: on('lease.release'),
      events: [{ type: 'lease.released', lease: { state: 'released' } }]
    },
    {
      what: 'the owner revokes an active lease',
      world: granted,
      who: 'ola@uis',
      command: { type: 'lease.revoke', lease: 'l', reason: 'consent withdrawn' },
      events: [{ type: 'lease.revoked', lease: { state: 'revoked', reason: 'consent withdrawn' } }]
    },
    {
      what: 'a run starts under leases of its user',
      world: granted,
      who: 'kari@uio',
      command: start('r', ['l']),
      events: [
        {
          type: 'run.started',
          run: {
            id: 'r',
            organization: 'uio',
            user: 'kari',
            leases: ['l'],
            plan,
            images: ['docker.io/library/python@sha256:1'],
            facts: { name: 'wordcount' },
            state: 'Running',
            startedAt: NOW
          }
        }
      ]
    },
    {
      what: 'a run starts without leases',
      world: () => new World(),
      who: 'kari@uio',
      command: start('r', []),
      events: [{ type: 'run.started', run: { leases: [] } }]
    },
    {
      what: 'a run goes on after its end, by its user',
      world: () => {
        const world = granted();
        world.must('kari@uio', start('r', ['l']));
        world.must('kari@uio', { type: 'run.end', run: 'r', state: 'Failed', reason: 'exit code 1' });
        return world.later(3);
      },
      who: 'kari@uio',
      command: start('r', ['l']),
      events: [{ type: 'run.started', run: { state: 'Running', startedAt: NOW + 3 } }]
    },
    {
      what: 'anyone of its organization ends a run',
      world: () => {
        const world = granted();
        world.must('kari@uio', start('r', ['l']));
        return world.later(3);
      },
      who: 'controller@uio',
      command: { type: 'run.end', run: 'r', state: 'Failed', reason: 'exit code 1' },
      events: [{ type: 'run.ended', run: { state: 'Failed', finishedAt: NOW + 3, reason: 'exit code 1' } }]
    }
  ]);
});

describe('refused', () => {
  refuses([
    {
      what: 'an organization that joined does not join again',
      world: () => new World(),
      who: 'admin@uio',
      command: { type: 'organization.join', name: 'Oslo', publicKey },
      code: 'EXISTS',
      message: 'Organization uio has joined already, with this key. Go on with it.'
    },
    {
      what: 'nobody takes the id of an organization',
      world: () => new World(),
      who: 'admin@uio',
      command: { type: 'organization.join', name: 'Oslo', publicKey: createKeyPair().publicKey },
      code: 'EXISTS',
      message: 'Organization uio has joined already, with another key. Sign with that key, or join under another id.'
    },
    {
      what: 'an organization that has not joined may nothing',
      world: () => new World(),
      who: 'eva@uib',
      command: publish('d'),
      code: 'UNKNOWN_ORGANIZATION',
      message: 'Organization uib has not joined. Join it first.'
    },
    {
      what: 'nobody takes the id of a dataset',
      world: granted,
      who: 'kari@uio',
      command: publish('d'),
      code: 'EXISTS',
      message: 'There is a dataset d already. Publish under another id.'
    },
    {
      what: 'nobody but its owner updates a dataset',
      world: granted,
      who: 'kari@uio',
      command: update('d', 1),
      code: 'NOT_OWNER',
      message: 'Dataset d belongs to uis; only that organization may change it.'
    },
    {
      what: 'nobody but its owner retires a dataset',
      world: granted,
      who: 'kari@uio',
      command: retire('d', 1),
      code: 'NOT_OWNER',
      message: 'Dataset d belongs to uis; only that organization may change it.'
    },
    ...[update('d', 1), retire('d', 1)].map(command => ({
      what: `a ${command.type} that is based on another version`,
      world: () => granted().must('ola@uis', update('d', 1)),
      who: 'ola@uis' as const,
      command,
      code: 'VERSION_CONFLICT',
      message: 'Dataset d is at version 2, the change is based on 1. Read it again and change that version.'
    })),
    {
      what: 'an approval of a lease of what is retired',
      world: () => requested().must('ola@uis', retire('d', 1)),
      who: 'ola@uis',
      command: on('lease.approve'),
      code: 'RETIRED',
      message: 'Dataset d is retired. Choose another, or ask uis to publish it anew.'
    },
    ...[update('d', 2), retire('d', 2)].map(command => ({
      what: `a ${command.type} of what is retired`,
      world: retired,
      who: 'ola@uis' as const,
      command,
      code: 'RETIRED',
      message: 'Dataset d is retired. Choose another, or ask uis to publish it anew.'
    })),
    ...[update('x', 1), retire('x', 1), request('l', 'x')].map(command => ({
      what: `a ${command.type} of what is not there`,
      world: () => new World(),
      who: 'ola@uis' as const,
      command,
      code: 'UNKNOWN_DATASET',
      message: 'There is no dataset x. Look its id up in the catalogue.'
    })),
    {
      what: 'a lease of what is retired',
      world: retired,
      who: 'eva@ntnu',
      command: request('m', 'd'),
      code: 'RETIRED',
      message: 'Dataset d is retired. Choose another, or ask uis to publish it anew.'
    },
    {
      what: 'nobody takes the id of a lease',
      world: () => granted().dataset('e'),
      who: 'eva@ntnu',
      command: request('l', 'e'),
      code: 'EXISTS',
      message: 'There is a lease l already. Request under another id.'
    },
    {
      what: 'an organization that is not on the list',
      world: () => new World().dataset('d', { organizations: ['uis', 'ntnu'] }),
      who: 'kari@uio',
      command: request('l', 'd'),
      code: 'POLICY',
      message: 'Dataset d is lent to uis, ntnu only, not to uio. Ask uis to allow it.',
      more: { check: 'organizations' }
    },
    {
      what: 'a purpose that is not on the list',
      world: () => new World().dataset('d', { purposes: ['cancer research', 'teaching'] }),
      who: 'kari@uio',
      command: request('l', 'd', { purpose: 'marketing' }),
      code: 'POLICY',
      message: 'Dataset d may not be used for "marketing". Choose one of the purposes: cancer research, teaching.',
      more: { check: 'purposes' }
    },
    {
      what: 'a lease that is too long',
      world: () => new World().dataset('d'),
      who: 'kari@uio',
      command: request('l', 'd', { duration: 25.5 * HOUR + 1 }),
      code: 'POLICY',
      message: 'Dataset d is lent for at most 1 h, asked were 1 day 1 h 30 min 1 ms. Ask for less.',
      more: { check: 'maxDuration' }
    },
    {
      what: 'a second lease of one person, though there is room',
      world: () => new World().dataset('d', { concurrency: 2 }).lease('l', 'd'),
      who: 'kari@uio',
      command: request('m', 'd'),
      code: 'LEASED',
      message: 'kari of uio holds lease l of dataset d until 2026-01-01 01:00:00 UTC. Use or renew that one.',
      more: { holder: { organization: 'uio', until: NOW + HOUR } }
    },
    {
      what: 'a lease without room: the one that ends first makes it',
      world: () =>
        new World()
          .dataset('d', { concurrency: 2 })
          .lease('l', 'd')
          .lease('m', 'd', 'eva@ntnu', HOUR / 2),
      who: 'per@uio',
      command: request('n', 'd'),
      code: 'LEASED',
      message: 'Dataset d is leased by ntnu until 2026-01-01 00:30:00 UTC. Try again then, or ask them to release it.',
      more: { holder: { organization: 'ntnu', until: NOW + HOUR / 2 } }
    },
    {
      what: 'an approval without room',
      world: () => {
        const world = requested().lease('other', 'd', 'eva@ntnu');
        world.must('ola@uis', on('lease.approve', 'other'));
        return world;
      },
      who: 'ola@uis',
      command: on('lease.approve'),
      code: 'LEASED',
      message: 'Dataset d is leased by ntnu until 2026-01-01 01:00:00 UTC. Try again then, or ask them to release it.',
      more: { holder: { organization: 'ntnu', until: NOW + HOUR } }
    },
    {
      what: 'an approval of a second lease of one person',
      world: () => {
        const world = new World()
          .dataset('d', { ...byOwner, concurrency: 2 })
          .lease('l', 'd')
          .lease('m', 'd');
        world.must('ola@uis', on('lease.approve', 'm'));
        return world;
      },
      who: 'ola@uis',
      command: on('lease.approve'),
      code: 'LEASED',
      message: 'kari of uio holds lease m of dataset d until 2026-01-01 01:00:00 UTC. Use or renew that one.',
      more: { holder: { organization: 'uio', until: NOW + HOUR } }
    },
    {
      what: 'an approval that the policy of now forbids',
      world: () => {
        const world = requested();
        world.must('ola@uis', update('d', 1, { maxDuration: HOUR / 2 }));
        return world;
      },
      who: 'ola@uis',
      command: on('lease.approve'),
      code: 'POLICY',
      message: 'Dataset d is lent for at most 30 min, asked were 1 h. Ask for less.',
      more: { check: 'maxDuration' }
    },
    ...(['lease.approve', 'lease.deny'] as const).map(type => ({
      what: `a ${type} of what is active`,
      world: granted,
      who: 'ola@uis' as const,
      command: on(type),
      code: 'WRONG_STATE',
      message: 'Lease l is active, not requested. It needs no decision any more.'
    })),
    {
      what: 'a renewal of what is requested',
      world: requested,
      who: 'kari@uio',
      command: renew(HOUR),
      code: 'WRONG_STATE',
      message: 'Lease l is requested, not active. Wait until uis has decided.'
    },
    ...(['lease.approve', 'lease.deny', 'lease.revoke'] as const).map(type => ({
      what: `a ${type} by another than the owner`,
      world: requested,
      who: 'kari@uio' as const,
      command: on(type),
      code: 'NOT_OWNER',
      message: 'Lease l is of a dataset of uis; only that organization may do this.'
    })),
    ...(['per@uio', 'kari@ntnu', 'ola@uis'] as const).flatMap(who =>
      [renew(HOUR), on('lease.release')].map(command => ({
        what: `a ${command.type} by ${who}, for kari@uio holds it`,
        world: granted,
        who,
        command,
        code: 'NOT_HOLDER',
        message: 'Lease l is held by another; only its holder may do this.'
      }))
    ),
    ...(
      [
        ['kari@uio', renew(HOUR)],
        ['kari@uio', on('lease.release')],
        ['ola@uis', on('lease.revoke')],
        ['ola@uis', on('lease.approve')],
        ['ola@uis', on('lease.deny')]
      ] as const
    ).map(([who, command]) => ({
      what: `a ${command.type} of what expired`,
      world: () => granted().later(HOUR),
      who,
      command,
      code: 'EXPIRED',
      message: 'Lease l expired at 2026-01-01 01:00:00 UTC. Request a new one.'
    })),
    ...(
      [
        ['kari@uio', 'lease.release', 'ola@uis', 'lease.revoke', 'released', 'requested or active'],
        ['ola@uis', 'lease.revoke', 'kari@uio', 'lease.release', 'revoked', 'requested or active'],
        ['ola@uis', 'lease.deny', 'ola@uis', 'lease.approve', 'denied', 'requested']
      ] as const
    ).map(([first, end, who, type, state, wanted]) => ({
      what: `a ${type} of what is ${state}`,
      world: () => {
        const world = requested();
        world.must(first, on(end));
        return world;
      },
      who,
      command: on(type),
      code: 'WRONG_STATE',
      message: `Lease l is ${state}, not ${wanted}. Request a new one.`
    })),
    ...[renew(HOUR), on('lease.approve'), on('lease.deny'), on('lease.release'), on('lease.revoke')].map(command => ({
      what: `a ${command.type} of what is not there`,
      world: () => new World(),
      who: 'kari@uio' as const,
      command,
      code: 'UNKNOWN_LEASE',
      message: 'There is no lease l. Look its id up in the list of your leases.'
    })),
    {
      what: 'a renewal too many',
      world: () => {
        const world = new World().dataset('d').lease('l', 'd');
        world.must('kari@uio', renew(HOUR));
        return world;
      },
      who: 'kari@uio',
      command: renew(HOUR),
      code: 'POLICY',
      message:
        'Lease l has used 1 of the 1 renewals that dataset d allows. Request a new lease when this one ends at 2026-01-01 01:00:00 UTC.',
      more: { check: 'renewals' }
    },
    {
      what: 'a renewal that is too long',
      world: granted,
      who: 'kari@uio',
      command: renew(2 * HOUR),
      code: 'POLICY',
      message: 'Dataset d is lent for at most 1 h, asked were 2 h. Ask for less.',
      more: { check: 'maxDuration' }
    },
    {
      what: 'a renewal that shortens',
      world: granted,
      who: 'kari@uio',
      command: renew(HOUR / 2),
      code: 'INVALID',
      message:
        'Lease l lasts until 2026-01-01 01:00:00 UTC; a renewal must not shorten it to 2026-01-01 00:30:00 UTC. Ask for longer, or release it.'
    },
    {
      what: 'a renewal of a lease of what is retired',
      world: retired,
      who: 'kari@uio',
      command: renew(HOUR),
      code: 'RETIRED',
      message: 'Dataset d is retired. Choose another, or ask uis to publish it anew.'
    },
    {
      what: 'a run whose id is taken',
      world: () => {
        const world = granted();
        world.must('kari@uio', start('r', ['l']));
        return world;
      },
      who: 'eva@ntnu',
      command: start('r', []),
      code: 'EXISTS',
      message: 'There is a run r already. Start under another id.'
    },
    {
      what: 'a run that is going, once more',
      world: () => {
        const world = granted();
        world.must('kari@uio', start('r', ['l']));
        return world;
      },
      who: 'kari@uio',
      command: start('r', ['l']),
      code: 'EXISTS',
      message: 'Run r is going. Start it again after its end, or another one under another id.'
    },
    ...(
      [
        [
          'of another organization',
          granted,
          'kari@ntnu',
          'kari of ntnu holds no lease l. Request one, and run under that.'
        ],
        ['of a colleague', granted, 'per@uio', 'per of uio holds no lease l. Request one, and run under that.'],
        [
          'that is not there',
          () => new World(),
          'kari@uio',
          'kari of uio holds no lease l. Request one, and run under that.'
        ],
        [
          'that is not granted',
          requested,
          'kari@uio',
          'Lease l waits for the decision of uis. Run when it is granted.'
        ],
        [
          'that expired',
          () => granted().later(HOUR),
          'kari@uio',
          'Lease l expired at 2026-01-01 01:00:00 UTC. Request a new one, and run under that.'
        ],
        [
          'that was revoked',
          () => {
            const world = granted();
            world.must('ola@uis', on('lease.revoke'));
            return world;
          },
          'kari@uio',
          'Lease l is revoked. Request a new one, and run under that.'
        ]
      ] as const
    ).map(([which, world, who, message]) => ({
      what: `a run under a lease ${which}`,
      world,
      who,
      command: start('r', ['l']),
      code: 'LEASE_NOT_ACTIVE',
      message,
      more: { lease: 'l' }
    })),
    {
      what: 'the end of a run that is not there',
      world: () => new World(),
      who: 'kari@uio',
      command: { type: 'run.end', run: 'r', state: 'Succeeded' },
      code: 'UNKNOWN_RUN',
      message: 'There is no run r. Look its id up in the list of runs.'
    },
    ...(
      [
        ['by another organization', 'ola@uis', [], 'NOT_OWNER', 'Run r is of uio; only that organization may end it.'],
        ['twice', 'kari@uio', ['Error'], 'WRONG_STATE', 'Run r has ended already: Error. Nothing is left to do.']
      ] as const
    ).map(([how, who, ends, code, message]) => ({
      what: `the end of a run ${how}`,
      world: () => {
        const world = new World();
        world.must('kari@uio', start('r', []));
        ends.forEach(state => world.must('kari@uio', { type: 'run.end', run: 'r', state }));
        return world;
      },
      who,
      command: { type: 'run.end', run: 'r', state: 'Succeeded' } as const,
      code,
      message
    }))
  ]);

  function retired(): World {
    const world = granted();
    world.must('ola@uis', retire('d', 1));
    return world;
  }
});

describe('time', () => {
  test.each([
    [-30 * SECOND, true],
    [30 * SECOND, true],
    [-30 * SECOND - 1, false],
    [30 * SECOND + 1, false]
  ])('a command whose clock is %d ms off: accepted %s', (off, ok) => {
    const world = new World();
    expect(world.give('ola@uis', publish('d'), world.now + off).ok).toBe(ok);
  });

  test('a clock that is wrong is told how far', () => {
    const world = new World();
    expect(world.give('ola@uis', publish('d'), world.now - 61_000)).toEqual({
      ok: false,
      code: 'CLOCK_SKEW',
      message:
        "The command says 2025-12-31 23:58:59 UTC, the ledger's clock 2026-01-01 00:00:00 UTC: 1 min 1 s apart, " +
        'at most 30 s are allowed. Set the clock and sign the command again.'
    });
  });

  test('a lease counts until just before it expires, and its place is free from then on', () => {
    const world = granted().later(HOUR - 1);
    expect(world.give('eva@ntnu', request('m', 'd'))).toMatchObject({ code: 'LEASED' });
    world.later(1).lease('m', 'd', 'eva@ntnu');
    expect(world.state.get('dataset/d')).toMatchObject({ fencing: 2, leases: ['m'] });
    expect(world.state.get('lease/l')).toMatchObject({ state: 'active', fencing: 1 });
  });

  test('a released lease makes room at once', () => {
    const world = granted();
    world.must('kari@uio', on('lease.release'));
    expect(world.state.get('dataset/d')).toMatchObject({ leases: [] });
    expect(world.lease('m', 'd', 'eva@ntnu').state.get('lease/m')).toMatchObject({ state: 'active', fencing: 2 });
  });
});

test('a state that answers later is decided over alike', async () => {
  const world = granted();
  const later = { get: (key: StateKey) => Promise.resolve(world.state.get(key)) };
  const envelope = { id: 'c', organization: 'ntnu', user: 'eva', time: NOW, command: request('m', 'd') };
  expect(await decideLater(envelope, later, NOW)).toEqual(decide(envelope, world.state, NOW));
});
