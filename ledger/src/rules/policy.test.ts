import type { LedgerPolicy } from '../commands.js';
import { exclusive } from '../scenario.js';
import { accepts, refuses } from '../testing/cases.js';
import { HOUR, NOW, publish, request, start, World, type Who } from '../testing/world.js';
import type { DatasetRecord } from '../state.js';
import { envelopeProblem } from './check.js';
import { termChecks, useChecks } from './policy.js';
import { wholePolicy } from './policy-fields.js';

const [wordcount, histogram] = ['01'.repeat(32), '02'.repeat(32)];
const compute = { mode: 'compute' } as const;
const uses = [{ lease: 'l', algorithm: wordcount }];

/** Dataset `d` of uis under a policy, leased by kari of uio as `l`. */
const leased = (policy: Partial<LedgerPolicy>) => (): World => new World().dataset('d', policy).lease('l', 'd');
const approvedBy =
  (policy: Partial<LedgerPolicy>, ...approvers: readonly Who[]) =>
  (): World =>
    approvers.reduce(
      (world, who) => world.must(who, { type: 'algorithm.approve', algorithm: wordcount }),
      leased(policy)()
    );

describe('a run is accepted', () => {
  const started = (what: string, policy: Partial<LedgerPolicy>, more: object) => ({
    what,
    world: leased(policy),
    who: 'kari@uio' as const,
    command: start('r', ['l'], more),
    events: [{ type: 'run.started', run: { ...more, state: 'Running' } }]
  });
  accepts([
    started('with whatever its holder writes, under access', {}, {}),
    started('with whatever its holder writes, where compute allows it', { ...compute, algorithms: 'raw' }, {}),
    started('with an algorithm that the policy names', { ...compute, algorithms: [histogram, wordcount] }, { uses }),
    {
      ...started('with an algorithm that the owner approved', {}, { uses }),
      world: approvedBy({ ...compute, algorithms: 'reviewed' }, 'ola@uis')
    },
    {
      ...started('with an algorithm that any member approved', {}, { uses }),
      world: approvedBy({ ...compute, algorithms: 'any' }, 'eva@ntnu')
    },
    started('at a site that the policy names', { sites: ['hospital', 'vault'] }, { site: 'vault' }),
    started('at any site, where the policy names none', {}, { site: 'anywhere' }),
    started(
      'that connects to a host of the policy at any port',
      { egress: ['example.org'] },
      { egress: ['example.org:443', 'example.org'] }
    ),
    started('that connects to one port', { egress: ['example.org:443'] }, { egress: ['example.org:443'] }),
    started('that connects to anywhere', { egress: ['*'] }, { egress: ['example.org:443', '*'] }),
    {
      what: 'whose results wait for each owner who asks for that',
      world: () =>
        new World()
          .dataset('d', { resultRelease: 'owner' })
          .dataset('e', { resultRelease: 'owner' })
          .dataset('f', { resultRelease: 'auto' })
          .must('eva@ntnu', publish('g', { resultRelease: 'owner' }))
          .must('eva@ntnu', publish('h'))
          .lease('l', 'd')
          .lease('m', 'e')
          .lease('n', 'f')
          .lease('o', 'g')
          .lease('p', 'h'),
      who: 'kari@uio',
      command: start('r', ['o', 'l', 'm', 'n', 'p']),
      events: [
        {
          type: 'run.started',
          run: {
            results: [
              { owner: 'ntnu', datasets: ['g'], state: 'held' },
              { owner: 'uis', datasets: ['d', 'e'], state: 'held' }
            ]
          }
        }
      ]
    }
  ]);
});

describe('a run is refused', () => {
  const row = (what: string, world: () => World, more: object, check: string, message: string) => ({
    what,
    world,
    who: 'kari@uio' as const,
    command: start('r', ['l'], more),
    code: 'POLICY',
    message,
    more: { check, lease: 'l' }
  });
  const unallowed = (why: string): string =>
    `Algorithm ${wordcount} may not run on dataset d: ${why}. Use one that may, or ask uis to allow it.`;
  refuses([
    row(
      'that does not say what it does',
      leased({ ...compute, algorithms: [wordcount] }),
      {},
      'algorithms',
      'Only algorithms that are allowed run on dataset d, and the run does not say what it does with lease l. Name the SHA-256 of what its jobs execute.'
    ),
    row(
      'with anything, where compute names nothing',
      leased(compute),
      { uses },
      'algorithms',
      unallowed('its policy does not name it')
    ),
    row(
      'with an algorithm that is not named',
      leased({ ...compute, algorithms: [histogram] }),
      { uses },
      'algorithms',
      unallowed('its policy does not name it')
    ),
    row(
      'with an algorithm that is not named, under access',
      leased({ algorithms: [histogram] }),
      { uses },
      'algorithms',
      unallowed('its policy does not name it')
    ),
    row(
      'with an algorithm that another than the owner approved',
      approvedBy({ ...compute, algorithms: 'reviewed' }, 'eva@ntnu'),
      { uses },
      'algorithms',
      unallowed('uis has not approved it')
    ),
    row(
      'with an algorithm that nobody approved',
      leased({ ...compute, algorithms: 'any' }),
      { uses },
      'algorithms',
      unallowed('no member has approved it')
    ),
    row(
      'with an algorithm whose approval was withdrawn',
      () =>
        approvedBy({ ...compute, algorithms: 'reviewed' }, 'ola@uis', 'eva@ntnu')().must('ola@uis', {
          type: 'algorithm.withdraw',
          algorithm: wordcount
        }),
      { uses },
      'algorithms',
      unallowed('uis has not approved it')
    ),
    row(
      'that does not say where',
      leased({ sites: ['hospital', 'vault'] }),
      {},
      'sites',
      'Runs on dataset d run at hospital, vault only, and this one does not say where. Name one of these sites.'
    ),
    row(
      'at another site',
      leased({ sites: ['hospital'] }),
      { site: 'local' },
      'sites',
      'Runs on dataset d run at hospital only, not at local. Run there, or ask uis to allow it.'
    ),
    row(
      'that connects to somewhere, where nothing is allowed',
      leased({}),
      { egress: ['example.org'] },
      'egress',
      'Jobs of runs on dataset d may connect nowhere, not to example.org. Leave that out, or ask uis to allow it.'
    ),
    row(
      'that connects to another port and another host',
      leased({ egress: ['example.org:443'] }),
      { egress: ['example.org:443', 'example.org:80', 'example.org', 'example.com'] },
      'egress',
      'Jobs of runs on dataset d may connect to example.org:443 only, not to example.org:80, example.org, example.com. Leave that out, or ask uis to allow it.'
    ),
    row(
      'that connects to anywhere, where a host is allowed',
      leased({ egress: ['example.org'] }),
      { egress: ['*'] },
      'egress',
      'Jobs of runs on dataset d may connect to example.org only, not to *. Leave that out, or ask uis to allow it.'
    ),
    row(
      'by the policy of now, not that of the grant',
      () =>
        leased({})().must('ola@uis', {
          type: 'dataset.update',
          dataset: 'd',
          basedOn: 1,
          policy: { ...exclusive, ...compute },
          description: {}
        }),
      { uses },
      'algorithms',
      unallowed('its policy does not name it')
    ),
    ...[
      ['that uses a lease which is not of the run', [{ lease: 'm', algorithm: wordcount }], 'm'] as const,
      ['that uses a lease twice', [...uses, { lease: 'l', algorithm: histogram }], 'l'] as const
    ].map(([what, both, lease]) => ({
      what,
      world: leased({}),
      who: 'kari@uio' as const,
      command: start('r', ['l'], { uses: both }),
      code: 'INVALID',
      message: `The run must say once what it does with each of its leases, not so with ${lease}. Correct it.`
    }))
  ]);

  test('when it breaks the policy of any of its leases', () => {
    const world = new World()
      .dataset('d')
      .dataset('e', { sites: ['vault'] })
      .lease('l', 'd')
      .lease('m', 'e');
    expect(world.give('kari@uio', start('r', ['l', 'm'], { site: 'local' }))).toMatchObject({
      code: 'POLICY',
      check: 'sites',
      lease: 'm'
    });
  });
});

test('a policy without the fields of today means what it meant', () => {
  expect(wholePolicy(exclusive)).toEqual({
    ...exclusive,
    mode: 'access',
    algorithms: 'raw',
    sites: [],
    egress: [],
    resultRelease: 'auto'
  });
  expect(wholePolicy({ ...exclusive, ...compute })).toMatchObject({ mode: 'compute', algorithms: [] });
});

test('every check says why it passes', () => {
  const record = (policy: Partial<LedgerPolicy>): DatasetRecord =>
    new World().dataset('d', policy).state.get('dataset/d') as DatasetRecord;
  const terms = { organization: 'uio', purpose: 'research', duration: HOUR };
  const use = { lease: 'l', algorithm: wordcount, approvers: [], site: 'local', egress: [] };
  const whys = (policy: Partial<LedgerPolicy>): string[] =>
    [...termChecks(record(policy), undefined, terms), ...useChecks(record(policy), undefined, use)].map(
      ({ check, why }) => `${check}: ${why}`
    );
  expect(whys({})).toEqual([
    'owner: Its owner uis is a member.',
    'state: Dataset d is published.',
    'organizations: Dataset d is lent to every organization.',
    'purposes: Dataset d may be used for any purpose.',
    'maxDuration: Dataset d is lent for at most 1 h, asked were 1 h.',
    'owner: Its owner uis is a member.',
    'algorithms: Whatever the holder writes may run on dataset d.',
    'sites: Runs on dataset d may run at every site.',
    'egress: Jobs of runs on dataset d may connect nowhere.'
  ]);
  expect(
    whys({
      organizations: ['uio'],
      purposes: ['research'],
      algorithms: [wordcount],
      sites: ['local'],
      egress: ['*']
    })
  ).toEqual([
    'owner: Its owner uis is a member.',
    'state: Dataset d is published.',
    'organizations: Dataset d is lent to uio.',
    'purposes: Dataset d may be used for "research".',
    'maxDuration: Dataset d is lent for at most 1 h, asked were 1 h.',
    'owner: Its owner uis is a member.',
    `algorithms: Algorithm ${wordcount} may run on dataset d.`,
    'sites: Runs on dataset d may run at local.',
    'egress: Jobs of runs on dataset d may connect anywhere.'
  ]);
});

test.each([
  ['mode', 'raw', 'must be one of access, compute'],
  ['algorithms', 'all', 'must be one of reviewed, any, raw'],
  ['algorithms', ['x'], '[0] must be a SHA-256 in 64 lowercase hex digits'],
  ['algorithms', 7, 'must be a list of at most 200'],
  ['sites', ['../x'], '[0] must be 1 to 128 letters, digits, dots, hyphens or underscores'],
  [
    'egress',
    ['https://example.org/'],
    '[0] must be a host in lower case, with a port or without, such as example.org:443, or *'
  ],
  [
    'egress',
    ['example..org'],
    '[0] must be a host in lower case, with a port or without, such as example.org:443, or *'
  ],
  [
    'egress',
    ['example.org:0'],
    '[0] must be a host in lower case, with a port or without, such as example.org:443, or *'
  ],
  [
    'egress',
    [`${'a'.repeat(254)}:1`],
    '[0] must be a host in lower case, with a port or without, such as example.org:443, or *'
  ],
  ['resultRelease', 'holder', 'must be one of auto, owner']
])('a policy whose %s is %j is refused', (field, value, problem) => {
  const command = publish('d', { [field]: value });
  const envelope = { id: 'c', organization: 'uis', user: 'ola', time: NOW, command };
  const gap = problem.startsWith('[') ? '' : ' ';
  expect(envelopeProblem(envelope)?.message).toBe(
    `The command is not valid: envelope.command.policy.${field}${gap}${problem}. Correct it and sign it again.`
  );
});

test('a request is refused by the first check that it does not pass', () => {
  const world = new World().dataset('d', { organizations: ['ntnu'], purposes: ['teaching'] });
  expect(world.give('kari@uio', request('l', 'd'))).toMatchObject({ code: 'POLICY', check: 'organizations' });
  expect(world.give('eva@ntnu', request('l', 'd'))).toMatchObject({ code: 'POLICY', check: 'purposes' });
});
