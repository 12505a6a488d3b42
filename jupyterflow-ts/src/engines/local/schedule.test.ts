import fc from 'fast-check';
import type { JobState } from '@jupyterflow/schema';
import { planOf } from '../conformance.js';
import type { Plan, PlanCondition, PlanJob } from '../../plan/plan.js';
import { graphOf } from './graph.js';
import { isBad, isDone, Schedule, worstPhase } from './schedule.js';

/** `a b>c` reads: jobs a, b and c, where c depends on b. Order of first mention is the order of the plan. */
function plan(edges: string, more: Partial<Plan> = {}, of: Readonly<Record<string, Partial<PlanJob>>> = {}): Plan {
  const parents = new Map<string, string[]>();
  for (const chain of edges.split(' ')) {
    const names = chain.split('>');
    names.forEach((name, place) => {
      const before = parents.get(name) ?? [];
      const parent = names[place - 1];
      parents.set(name, parent === undefined ? before : [...before, parent]);
    });
  }
  const { jobs, ...rest } = planOf(
    [...parents].map(([name, dependsOn]) => ({ name, dependsOn, sh: 'true' })),
    more
  );
  return { ...rest, jobs: jobs.map(job => ({ ...job, ...of[job.name] })) };
}

/** Asks for the status of these, whatever it is. */
function asks(...names: readonly string[]): PlanCondition {
  const left = (job: string) => ({ kind: 'status', job }) as const;
  return { kind: 'all', of: names.map(name => ({ kind: '!=', left: left(name), right: 'x' })) };
}

const PHASES: Readonly<Record<string, JobState>> = {
  S: 'Succeeded',
  F: 'Failed',
  E: 'Error',
  K: 'Skipped'
};

/** Carries a plan out by hand: every job that is due is queued, and begins at once when it is told to. */
class Hand {
  readonly #plan: Plan;
  readonly #schedule: Schedule;

  constructor(of: Plan, kept: Readonly<Record<string, JobState>> = {}) {
    this.#plan = of;
    const nodes = Object.entries(kept).map(([name, phase]) => [this.#node(name), phase] as const);
    this.#schedule = new Schedule(of, graphOf(of.jobs), new Map(nodes));
  }

  /** `a=S b=F`: these begin and end so. What may begin then, what is Omitted by it, and how the run ends. */
  then(ends = ''): string {
    for (const [name = '', letter = ''] of ends.split(' ').map(end => end.split('='))) {
      if (name !== '') this.#schedule.finish(this.#node(name), PHASES[letter]!);
    }
    const due: string[] = [];
    for (let node = this.#schedule.nextDue(); node !== undefined; node = this.#schedule.nextDue()) {
      due.push(this.#name(node));
    }
    const omitted = this.#schedule.takeOmitted().map(({ node, reason }) => `${this.#name(node)} (${reason})`);
    return [
      ...(due.length > 0 ? [`due ${due.join(' ')}`] : []),
      ...(omitted.length > 0 ? [`omit ${omitted.join(', ')}`] : []),
      ...(this.#schedule.isSettled() ? [this.#end()] : [])
    ].join('; ');
  }

  #end(): string {
    const { state, culprit } = this.#schedule.outcome();
    return culprit === undefined ? state : `${state} because of ${this.#name(culprit)}`;
  }

  #node(name: string): number {
    return this.#plan.jobs.findIndex(job => job.name === name);
  }

  #name(node: number): string {
    return this.#plan.jobs[node]!.name;
  }
}

/*
 *      b
 *    /   \
 *  a       d     e
 *    \   /
 *      c
 */
const DIAMOND = 'a>b a>c b>d c>d e';

describe('what is next in a run', () => {
  test.each<[string, Partial<Plan>, readonly [ends: string, next: string][]]>([
    [
      'a job is due when its parents Succeeded, and the run Succeeded when all did',
      {},
      [
        ['', 'due a e'],
        ['a=S', 'due b c'],
        ['b=S', ''],
        ['c=S', 'due d'],
        ['d=S', ''],
        ['e=S', 'Succeeded']
      ]
    ],
    [
      'a Skipped parent counts as done',
      {},
      [
        ['a=K', 'due e b c'],
        ['b=K c=S', 'due d'],
        ['d=S e=K', 'Succeeded']
      ]
    ],
    [
      'with failFast everything that has not begun is Omitted',
      {},
      [
        [
          'e=F',
          'omit a (e failed), b (a did not succeed), c (a did not succeed), d (b did not succeed); Failed because of e'
        ]
      ]
    ],
    [
      'without failFast only descendants of the failed job are Omitted',
      { failFast: false },
      [
        ['a=F', 'due e; omit b (a did not succeed), c (a did not succeed), d (c did not succeed)'],
        ['e=S', 'Failed because of a']
      ]
    ],
    [
      'without failFast a job with one failed parent is Omitted at once',
      { failFast: false },
      [
        ['a=S', 'due e b c'],
        ['b=F', 'omit d (b did not succeed)'],
        ['c=S e=S', 'Failed because of b']
      ]
    ],
    [
      'the run is an Error when a job is, whatever Failed',
      { failFast: false },
      [
        ['a=S e=F', 'due b c'],
        ['b=E c=S', 'omit d (b did not succeed); Error because of b']
      ]
    ]
  ])('%s', (_, more, steps) => {
    const hand = new Hand(plan(DIAMOND, more));
    expect(steps.map(([ends]) => hand.then(ends))).toEqual(steps.map(([, next]) => next));
  });

  test('jobs that ended before are not due again, and their children are', () => {
    const hand = new Hand(plan(DIAMOND), { a: 'Succeeded', b: 'Skipped', e: 'Succeeded' });
    expect([hand.then(), hand.then('c=S'), hand.then('d=S')]).toEqual(['due c', 'due d', 'Succeeded']);
  });
});

describe('a job whose condition asks for a status', () => {
  /*
   *  work --> rescue --> after
   *
   *  other --> late
   */
  const edges = 'work>rescue rescue>after other>late';
  const of = { rescue: { when: asks('work') } };

  test.each<[string, Partial<Plan>, readonly [ends: string, next: string][]]>([
    [
      'begins when the job that it asks for failed, and a run whose leaves Succeeded did',
      { failFast: false },
      [
        ['work=F', 'due other rescue'],
        ['rescue=S', 'due after'],
        ['after=S other=S', 'due late'],
        ['late=S', 'Succeeded']
      ]
    ],
    [
      'begins in spite of failFast, which holds up the others and makes the run fail',
      {},
      [
        ['work=F', 'due rescue; omit other (work failed), late (other did not succeed), after (work failed)'],
        ['rescue=S', 'Failed because of work']
      ]
    ],
    [
      'and is Skipped leaves the failure to the run',
      { failFast: false },
      [
        ['work=F', 'due other rescue'],
        ['rescue=K', 'due after'],
        ['after=K other=S', 'due late'],
        ['late=S', 'Failed because of work']
      ]
    ]
  ])('%s', (_, more, steps) => {
    const hand = new Hand(plan(edges, more, of));
    expect(steps.map(([ends]) => hand.then(ends))).toEqual(steps.map(([, next]) => next));
  });

  test('is Omitted when another one that it needs failed', () => {
    const hand = new Hand(plan('work>rescue other>rescue', { failFast: false }, of));
    expect([hand.then('other=F'), hand.then('work=S')]).toEqual([
      'due work; omit rescue (other did not succeed)',
      'Failed because of other'
    ]);
  });
});

describe('a group', () => {
  /*
   *  x-0 --+
   *        x --> y
   *  x-1 --+
   */
  const grouped = (more: Partial<Plan> = {}, y: Partial<PlanJob> = {}): Plan => ({
    ...plan('x-0 x-1 y', more, { 'x-0': { group: 'x' }, 'x-1': { group: 'x' } }),
    jobs: [
      ...plan('x-0 x-1', {}, { 'x-0': { group: 'x' }, 'x-1': { group: 'x' } }).jobs,
      { ...plan('y').jobs[0]!, dependsOn: ['x'], ...y }
    ]
  });

  test('is done when all its jobs are', () => {
    const hand = new Hand(grouped());
    expect([hand.then(), hand.then('x-1=K'), hand.then('x-0=S'), hand.then('y=S')]).toEqual([
      'due x-0 x-1',
      '',
      'due y',
      'Succeeded'
    ]);
  });

  test('of which a job failed holds up what depends on it', () => {
    const hand = new Hand(grouped({ failFast: false }));
    expect([hand.then('x-1=F'), hand.then('x-0=S')]).toEqual([
      'due x-0',
      'omit y (x did not succeed); Failed because of x-1'
    ]);
  });

  test('of which nothing needs all its jobs is no leaf', () => {
    const one = { name: 'x-0', group: 'x' };
    const hand = new Hand(planOf([one, { name: 'y', dependsOn: ['x-0'], when: asks('x-0') }], { failFast: false }));
    expect([hand.then('x-0=F'), hand.then('y=S')]).toEqual(['due y', 'Succeeded']);
  });

  test('of which a job failed can be asked for', () => {
    const hand = new Hand(grouped({ failFast: false }, { when: asks('x') }));
    expect([hand.then('x-1=F x-0=S'), hand.then('y=S')]).toEqual(['due y', 'Succeeded']);
  });

  test.each<[JobState[], JobState]>([
    [['Succeeded', 'Skipped'], 'Succeeded'],
    [['Skipped', 'Skipped'], 'Skipped'],
    [[], 'Skipped'],
    [['Succeeded', 'Omitted'], 'Omitted'],
    [['Omitted', 'Failed', 'Succeeded'], 'Failed'],
    [['Failed', 'Error'], 'Error']
  ])('of %j is %s', (phases, phase) => {
    expect(worstPhase(phases)).toBe(phase);
  });
});

test('of jobs that may begin, those of higher priority do, and of these the first of the plan', () => {
  const of = plan('a b c d', {}, { b: { priority: 5 }, d: { priority: 5 }, c: { priority: 'high' } });
  const schedule = new Schedule(of, graphOf(of.jobs));
  for (const node of [3, 2, 1, 0]) schedule.queue(node);
  const begun: string[] = [];
  for (let node = schedule.nextReady(); node !== undefined; node = schedule.nextReady()) {
    schedule.begin(node);
    begun.push(of.jobs[node]!.name);
  }
  expect(begun).toEqual(['b', 'd', 'a', 'c']);
});

test.each([
  ['two jobs of one name', [['a'], ['a']], 'two jobs of the plan have the same name'],
  ['an edge from nowhere', [['a', 'x']], 'job a depends on x, which is not in the plan'],
  ['a job that waits for itself', [['a', 'a']], 'the edges of the plan form a cycle'],
  [
    'a cycle',
    [
      ['a', 'b'],
      ['b', 'a']
    ],
    'the edges of the plan form a cycle'
  ]
])('%s is no graph', (_, jobs, message) => {
  const drafts = jobs.map(([name = '', ...dependsOn]) => ({ name, dependsOn }));
  expect(() => graphOf(drafts)).toThrow(new Error(message));
});

test.each([
  [
    'the name of a group that is one of a job',
    [
      { name: 'a', dependsOn: [] },
      { name: 'b', group: 'a', dependsOn: [] }
    ],
    'a is the name of a job and of a group of the plan'
  ],
  [
    'a job that waits for its group',
    [{ name: 'a', group: 'g', dependsOn: ['g'] }],
    'the edges of the plan form a cycle'
  ]
])('%s is no graph', (_, jobs, message) => {
  expect(() => graphOf(jobs)).toThrow(new Error(message));
});

interface Scenario {
  readonly of: Plan;
  /** How each job ends once its attempts are over, and how many it takes. */
  readonly ends: ReadonlyMap<string, { readonly phase: JobState; readonly attempts: number }>;
  readonly slots: number;
  readonly picks: readonly number[];
}

/** A plan with edges between any jobs of a shuffled order, groups, and jobs that ask for a status of their parents. */
const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    edges: fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 16 }),
    shuffle: fc.array(fc.nat(1000), { minLength: 9, maxLength: 9 }),
    ends: fc.array(fc.constantFrom<JobState>('Succeeded', 'Succeeded', 'Succeeded', 'Failed', 'Error', 'Skipped'), {
      minLength: 9,
      maxLength: 9
    }),
    attempts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 9, maxLength: 9 }),
    asking: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    grouped: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 9, maxLength: 9 }),
    failFast: fc.boolean(),
    parallelism: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    slots: fc.integer({ min: 1, max: 4 }),
    picks: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 })
  })
  .map(({ size, edges, shuffle, ends, attempts, asking, grouped, failFast, parallelism, slots, picks }) => {
    // The first two jobs are copies of one, when they are to be.
    const groupOf = (place: number): string | undefined => (place < 2 && grouped[place] === 0 ? 'g' : undefined);
    const names = [...Array(size).keys()].map(place => `j${place}`);
    const jobs = names.map((name, child) => {
      const parents = [...names.keys()].filter(
        parent => parent < child && edges.some(([a, b]) => a === parent && b === child)
      );
      const dependsOn = [
        ...new Set(parents.map(parent => (child > 1 ? (groupOf(parent) ?? names[parent]!) : names[parent]!)))
      ];
      const group = groupOf(child);
      return {
        name,
        sh: '',
        dependsOn: group === undefined ? dependsOn : [],
        ...(group === undefined ? {} : { group }),
        ...(asking[child] && group === undefined && dependsOn.length > 0 ? { when: asks(dependsOn[0]!) } : {})
      };
    });
    const order = [...jobs.keys()].sort((a, b) => shuffle[a]! - shuffle[b]!);
    const of = planOf(
      order.map(place => jobs[place]!),
      { failFast, ...(parallelism === undefined ? {} : { parallelism }) }
    );
    const byName = names.map((name, place) => [name, { phase: ends[place]!, attempts: attempts[place]! }] as const);
    return { of, ends: new Map(byName), slots, picks };
  });

/** Executes a plan, ending one of the running jobs at a time, and gives what happened. */
function execute({ of, ends, slots, picks }: Scenario) {
  const graph = graphOf(of.jobs);
  const schedule = new Schedule(of, graph);
  const attempts = of.jobs.map(() => 0);
  const begun: { name: string; failedBefore: boolean; first: boolean; parents: JobState[] }[] = [];
  let most = 0;
  let failed = false;
  for (let turn = 0; !schedule.isSettled(); turn += 1) {
    for (let node = schedule.nextDue(); node !== undefined; node = schedule.nextDue()) {
      if (ends.get(schedule.job(node).name)!.phase === 'Skipped') schedule.finish(node, 'Skipped');
      else schedule.queue(node);
    }
    const free = (): boolean => schedule.running < Math.min(slots, of.parallelism ?? Infinity);
    for (let node = schedule.nextReady(); node !== undefined && free(); node = schedule.nextReady()) {
      const parents = graph.parents[node]!.map(parent => schedule.phase(parent));
      begun.push({ name: schedule.job(node).name, failedBefore: failed, first: attempts[node] === 0, parents });
      schedule.begin(node);
      attempts[node]! += 1;
    }
    const live = [...of.jobs.keys()].filter(node => schedule.phase(node) === 'Running');
    most = Math.max(most, live.length);
    if (live.length === 0) {
      if (!schedule.isSettled()) throw new Error('stuck: nothing runs and the run is not over');
      break;
    }
    const ended = live[picks[turn % picks.length]! % live.length]!;
    const end = ends.get(schedule.job(ended).name)!;
    if (attempts[ended]! < end.attempts) {
      schedule.again(ended);
      schedule.queue(ended);
    } else {
      schedule.finish(ended, end.phase);
      failed ||= isBad(end.phase);
    }
  }
  const phases = new Map(of.jobs.map((job, node) => [job.name, schedule.phase(node)]));
  return { phases, attempts, begun, most, state: schedule.outcome().state };
}

/** What becomes of a run in which a failure holds up nothing but its descendants, from the definition alone. */
function reference({ of, ends }: Scenario): { phases: Map<string, JobState>; state: string } {
  const members = (name: string): string[] =>
    of.jobs.filter(job => job.name === name || job.group === name).map(({ name: own }) => own);
  const phases = new Map<string, JobState>();
  const branches = new Map<string, JobState[]>();
  const together = (name: string): JobState => worstPhase(members(name).map(settle));
  const settle = (name: string): JobState => {
    const known = phases.get(name);
    if (known !== undefined) return known;
    const { dependsOn, when } = of.jobs.find(job => job.name === name)!;
    const asked = when === undefined ? [] : [dependsOn[0]];
    const held = dependsOn.some(parent => !asked.includes(parent) && !isDone(together(parent)));
    dependsOn.forEach(together);
    const phase = held ? 'Omitted' : ends.get(name)!.phase;
    const above = dependsOn.flatMap(parent => members(parent).flatMap(member => branches.get(member)!));
    branches.set(name, isBad(phase) ? [phase] : phase === 'Succeeded' ? [] : above);
    phases.set(name, phase);
    return phase;
  };
  of.jobs.forEach(job => settle(job.name));
  const inner = new Set(of.jobs.flatMap(job => job.dependsOn).flatMap(members));
  const leaves = of.jobs.filter(job => !inner.has(job.name)).flatMap(job => branches.get(job.name)!);
  const state = leaves.includes('Error') ? 'Error' : leaves.includes('Failed') ? 'Failed' : 'Succeeded';
  return { phases, state };
}

describe('every plan, however long its jobs take', () => {
  test('keeps to its edges, its attempts, its parallelism and the places of the machine', () => {
    fc.assert(
      fc.property(scenario, given => {
        const { of, slots, ends } = given;
        const { attempts, begun, most } = execute(given);
        for (const { name, parents } of begun) {
          const { when } = of.jobs.find(job => job.name === name)!;
          expect(parents.slice(when === undefined ? 0 : 1).filter(phase => !isDone(phase))).toEqual([]);
          expect(parents).not.toContain('Pending');
          expect(parents).not.toContain('Running');
        }
        expect(most).toBeLessThanOrEqual(Math.min(slots, of.parallelism ?? Infinity));
        attempts.forEach((count, place) => {
          const { name } = of.jobs[place]!;
          expect([0, ends.get(name)!.attempts]).toContain(count);
          expect(begun.filter(one => one.name === name)).toHaveLength(count);
        });
      }),
      { numRuns: 500 }
    );
  });

  test('without failFast ends as the definition says', () => {
    fc.assert(
      fc.property(scenario, given => {
        const slow = { ...given, of: { ...given.of, failFast: false } };
        const { phases, state } = execute(slow);
        expect({ phases, state }).toEqual(reference(slow));
      }),
      { numRuns: 500 }
    );
  });

  test('with failFast begins no further job after a failure but those that ask for a status', () => {
    fc.assert(
      fc.property(scenario, given => {
        const fast = { ...given, of: { ...given.of, failFast: true } };
        const { phases, begun, state } = execute(fast);
        const late = begun.filter(({ failedBefore, first }) => failedBefore && first).map(({ name }) => name);
        expect(late.filter(name => fast.of.jobs.find(job => job.name === name)!.when === undefined)).toEqual([]);
        if (![...phases.values()].some(isBad)) expect(state).toBe('Succeeded');
      }),
      { numRuns: 500 }
    );
  });
});

test('a chain of 20,000 jobs is carried out, and Omitted, without a deep stack', () => {
  const jobs = Array.from({ length: 20_000 }, (_, place) => ({
    name: `j${place}`,
    sh: '',
    dependsOn: place === 0 ? [] : [`j${place - 1}`]
  }));
  const of = planOf(jobs);
  const good = new Schedule(of, graphOf(of.jobs));
  let count = 0;
  for (let node = good.nextDue(); node !== undefined; node = good.nextDue(), count += 1) good.finish(node, 'Succeeded');
  expect([count, good.isSettled(), good.outcome()]).toEqual([20_000, true, { state: 'Succeeded' }]);
  const bad = new Schedule(of, graphOf(of.jobs));
  bad.finish(0, 'Failed');
  expect([bad.takeOmitted().length, bad.outcome()]).toEqual([19_999, { state: 'Failed', culprit: 0 }]);
});
