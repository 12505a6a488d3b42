import fc from 'fast-check';
import { planOf } from '../conformance.js';
import type { Plan } from '../../plan/plan.js';
import { afterFailure, graphOf, step, type Progress } from './schedule.js';

/** `a b>c` reads: jobs a, b and c, where c depends on b. Order of first mention is the order of the plan. */
function plan(edges: string, more: Partial<Plan> = {}): Plan {
  const parents = new Map<string, string[]>();
  for (const chain of edges.split(' ')) {
    const names = chain.split('>');
    names.forEach((name, place) => {
      const of = parents.get(name) ?? [];
      const parent = names[place - 1];
      parents.set(name, parent === undefined ? of : [...of, parent]);
    });
  }
  return planOf(
    [...parents].map(([name, dependsOn]) => ({ name, dependsOn, sh: 'true' })),
    more
  );
}

const PHASES = {
  P: 'Pending',
  R: 'Running',
  S: 'Succeeded',
  F: 'Failed',
  E: 'Error',
  K: 'Skipped',
  O: 'Omitted'
} as const;

/** Letters by job in the order of the plan; a lower-case p has attempts behind it. */
function progress(letters: string): Progress[] {
  return Array.from(letters, letter => ({
    phase: PHASES[letter.toUpperCase() as keyof typeof PHASES],
    attempts: letter === 'P' || letter === 'O' || letter === 'K' ? 0 : 1,
    ...(letter === 'F' || letter === 'E' ? { reason: 'why' } : {})
  }));
}

/** The step in words: `start a b; omit c; Succeeded`. */
function next(of: Plan, letters: string, free = 10): string {
  const { start, omit, outcome } = step(of, graphOf(of.jobs), progress(letters), free);
  const names = (places: readonly number[]): string => places.map(place => of.jobs[place]!.name).join(' ');
  return [
    ...(start.length > 0 ? [`start ${names(start)}`] : []),
    ...(omit.length > 0 ? [`omit ${names(omit.map(({ job }) => job))}`] : []),
    ...(outcome === undefined ? [] : [outcome.state])
  ].join('; ');
}

describe('what is next in a run', () => {
  /*
   *      b
   *    /   \
   *  a       d     e
   *    \   /
   *      c
   */
  const diamond = 'a>b a>c b>d c>d e';
  test.each([
    ['roots begin', {}, 'PPPPP', 'start a e'],
    ['a job waits while its parent runs', {}, 'RPPPR', ''],
    ['children begin when their parent Succeeded', {}, 'SPPPR', 'start b c'],
    ['a Skipped parent counts as done', {}, 'KPPPS', 'start b c'],
    ['a job waits for all its parents', {}, 'SSRPS', ''],
    ['the run Succeeded when every job did', {}, 'SSSSS', 'Succeeded'],
    ['the run Succeeded when a job was Skipped', {}, 'SSKSS', 'Succeeded'],
    ['with failFast everything that has not begun is Omitted', {}, 'PPPPF', 'omit a b c d; Failed'],
    ['with failFast what runs goes on', {}, 'SRPPF', 'omit c d'],
    ['with failFast a job between two attempts goes on', {}, 'SpPPF', 'start b; omit c d'],
    ['without failFast other branches go on', { failFast: false }, 'PPPPF', 'start a'],
    ['without failFast descendants of a failed job are Omitted', { failFast: false }, 'FPPPR', 'omit b c d'],
    ['without failFast a job with one failed parent is Omitted at once', { failFast: false }, 'SFRPS', 'omit d'],
    ['the run Failed when a job did', { failFast: false }, 'FOOOS', 'Failed'],
    ['the run is an Error when a job is, whatever Failed', { failFast: false }, 'EOOOF', 'Error'],
    ['parallelism bounds what runs', { parallelism: 1 }, 'PPPPP', 'start a'],
    ['parallelism counts what runs already', { parallelism: 2 }, 'SPPPR', 'start b']
  ] as const)('%s', (_, more, letters, expected) => {
    expect(next(plan(diamond, more), letters)).toBe(expected);
  });

  test('nothing begins when no place is free, and the run is not over', () => {
    expect(next(plan(diamond), 'PPPPP', 0)).toBe('');
  });

  test('reasons name the job that is to blame', () => {
    const of = plan('a>b>c', { failFast: false });
    const first = step(of, graphOf(of.jobs), progress('FPP'), 1);
    expect(first.omit.map(({ reason }) => reason)).toEqual(['a did not succeed', 'b did not succeed']);
    expect(step(of, graphOf(of.jobs), progress('FOO'), 1).outcome).toEqual({ state: 'Failed', reason: 'job a: why' });
  });
});

test.each([
  [0, 1, 'Failed'],
  [2, 1, 'Pending'],
  [2, 2, 'Pending'],
  [2, 3, 'Failed']
])('with %i retries, after attempt %i failed the job is %s', (retries, attempts, phase) => {
  expect(afterFailure({ retries }, attempts)).toBe(phase);
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

/** A plan whose edges lead from any earlier job of a shuffled order, how often each job fails first, and places. */
const scenario = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    edges: fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 16 }),
    shuffle: fc.array(fc.nat(1000), { minLength: 9, maxLength: 9 }),
    failures: fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }),
    retries: fc.array(fc.nat(2), { minLength: 9, maxLength: 9 }),
    failFast: fc.boolean(),
    parallelism: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    slots: fc.integer({ min: 1, max: 4 }),
    picks: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 })
  })
  .map(({ size, edges, shuffle, failures, retries, failFast, parallelism, slots, picks }) => {
    const names = [...Array(size).keys()].map(place => `j${place}`);
    const dependsOn = names.map((_, child) =>
      names.filter((_name, parent) => parent < child && edges.some(([a, b]) => a === parent && b === child))
    );
    const jobs = names.map((name, place) => ({ name, dependsOn: dependsOn[place]!, retries: retries[place]!, sh: '' }));
    const order = [...jobs.keys()].sort((a, b) => shuffle[a]! - shuffle[b]!);
    const of = planOf(
      order.map(place => jobs[place]!),
      { failFast, ...(parallelism === undefined ? {} : { parallelism }) }
    );
    return { of, failures: new Map(names.map((name, place) => [name, failures[place]!])), slots, picks };
  });

/** Executes a plan with `step`, ending one of the running jobs at a time, and gives what happened. */
function execute({
  of,
  failures,
  slots,
  picks
}: {
  of: Plan;
  failures: Map<string, number>;
  slots: number;
  picks: number[];
}) {
  const graph = graphOf(of.jobs);
  const jobs = progress('P'.repeat(of.jobs.length)) as { phase: Progress['phase']; attempts: number }[];
  const begun: { name: string; parents: string[]; failedBefore: boolean; first: boolean }[] = [];
  let most = 0;
  for (let turn = 0; ; turn += 1) {
    const running = jobs.filter(job => job.phase === 'Running').length;
    const { start, omit, outcome } = step(of, graph, jobs, slots - running);
    for (const { job } of omit) jobs[job]!.phase = 'Omitted';
    for (const place of start) {
      begun.push({
        name: of.jobs[place]!.name,
        parents: graph.parents[place]!.map(parent => jobs[parent]!.phase),
        failedBefore: jobs.some(job => job.phase === 'Failed'),
        first: jobs[place]!.attempts === 0
      });
      jobs[place]!.phase = 'Running';
      jobs[place]!.attempts += 1;
    }
    const live = [...jobs.keys()].filter(place => jobs[place]!.phase === 'Running');
    most = Math.max(most, live.length);
    if (outcome !== undefined) return { jobs, begun, most, outcome };
    if (live.length === 0) throw new Error('stuck: nothing runs and the run is not over');
    const ended = live[picks[turn % picks.length]! % live.length]!;
    const planned = of.jobs[ended]!;
    const failed = jobs[ended]!.attempts <= failures.get(planned.name)!;
    jobs[ended]!.phase = failed ? afterFailure(planned, jobs[ended]!.attempts) : 'Succeeded';
  }
}

/** What becomes of each job when a failure holds up nothing but its descendants, from the definition alone. */
function reference(of: Plan, failures: ReadonlyMap<string, number>): Map<string, { phase: string; attempts: number }> {
  const byName = new Map(of.jobs.map(job => [job.name, job]));
  const result = new Map<string, { phase: string; attempts: number }>();
  const settle = (name: string): { phase: string; attempts: number } => {
    const known = result.get(name);
    if (known !== undefined) return known;
    const { dependsOn, retries } = byName.get(name)!;
    const fails = failures.get(name)!;
    const blocked = dependsOn.some(parent => settle(parent).phase !== 'Succeeded');
    const attempts = blocked ? 0 : Math.min(fails, retries) + 1;
    const settled = { phase: blocked ? 'Omitted' : fails > retries ? 'Failed' : 'Succeeded', attempts };
    result.set(name, settled);
    return settled;
  };
  of.jobs.forEach(({ name }) => settle(name));
  return result;
}

describe('every plan, however long its jobs take', () => {
  test('keeps to its edges, its attempts, its parallelism and the places of the machine', () => {
    fc.assert(
      fc.property(scenario, given => {
        const { of, slots } = given;
        const { jobs, begun, most } = execute(given);
        expect(begun.flatMap(({ parents }) => parents).filter(phase => phase !== 'Succeeded')).toEqual([]);
        expect(most).toBeLessThanOrEqual(Math.min(slots, of.parallelism ?? Infinity));
        jobs.forEach(({ attempts }, place) => {
          expect(attempts).toBeLessThanOrEqual(of.jobs[place]!.retries + 1);
          expect(begun.filter(({ name }) => name === of.jobs[place]!.name)).toHaveLength(attempts);
        });
      }),
      { numRuns: 300 }
    );
  });

  test('without failFast ends as the definition says', () => {
    fc.assert(
      fc.property(scenario, given => {
        const of = { ...given.of, failFast: false };
        const { jobs, outcome } = execute({ ...given, of });
        const expected = reference(of, given.failures);
        expect(new Map(jobs.map(({ phase, attempts }, place) => [of.jobs[place]!.name, { phase, attempts }]))).toEqual(
          expected
        );
        const failed = [...expected.values()].some(({ phase }) => phase === 'Failed');
        expect(outcome.state).toBe(failed ? 'Failed' : 'Succeeded');
      }),
      { numRuns: 300 }
    );
  });

  test('with failFast begins no further job after a failure', () => {
    fc.assert(
      fc.property(scenario, given => {
        const of = { ...given.of, failFast: true };
        const { jobs, begun, outcome } = execute({ ...given, of });
        expect(begun.filter(({ failedBefore, first }) => failedBefore && first)).toEqual([]);
        expect(outcome.state).toBe(jobs.some(({ phase }) => phase === 'Failed') ? 'Failed' : 'Succeeded');
      }),
      { numRuns: 300 }
    );
  });
});
