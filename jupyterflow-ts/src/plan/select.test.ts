import fc from 'fast-check';
import type { Plan, PlanJob } from './plan.js';
import { selectJobs, type Selection } from './select.js';

const job = (name: string, dependsOn: readonly string[] = [], fields: Partial<PlanJob> = {}): PlanJob => ({
  name,
  argv: ['true'],
  dependsOn,
  env: [],
  volumes: [],
  retries: 0,
  resources: {},
  ...fields
});
const planOf = (...jobs: readonly PlanJob[]): Plan => ({ name: 'p', failFast: true, jobs });

const left = (plan: Plan, selection: Selection): unknown => {
  const result = selectJobs(plan, selection);
  return 'plan' in result
    ? result.plan.jobs.map(({ name, dependsOn }) => [name, ...dependsOn].join(' '))
    : result.problems.map(({ code, message, hint }) => `${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
};

//  a -> b -> d
//   \-> c -/     e
const diamond = planOf(job('a'), job('b', ['a']), job('c', ['a']), job('d', ['b', 'c']), job('e'));

test.each<[Selection, readonly string[]]>([
  [{}, ['a', 'b a', 'c a', 'd b c', 'e']],
  [{ only: ['b'] }, ['b']],
  [{ only: ['d', 'b'] }, ['b', 'd b']],
  [{ until: ['b'] }, ['a', 'b a']],
  [{ from: ['b'] }, ['b', 'd b']],
  [{ from: ['b'], until: ['b'] }, ['b']],
  [{ skip: ['a', 'e'] }, ['b', 'c', 'd b c']],
  [{ until: ['d'], skip: ['c'] }, ['a', 'b a', 'd b a']],
  [{ only: [] }, ['NOTHING_SELECTED: no job is selected']],
  [
    { only: ['f'], skip: ['zebra'] },
    [
      'UNKNOWN_JOB: there is no job called `f` (Jobs of this file: a, b, c, d, e.)',
      'UNKNOWN_JOB: there is no job called `zebra` (Jobs of this file: a, b, c, d, e.)'
    ]
  ]
])('%j', (selection, jobs) => {
  expect(left(diamond, selection)).toEqual(jobs);
});

//  prep -> train-0 -+
//      \-> train-1 -+-> report
const grouped = planOf(
  job('prep'),
  job('train-0', ['prep'], { group: 'train' }),
  job('train-1', ['prep'], { group: 'train' }),
  job('report', ['train'])
);

test.each<[Selection, readonly string[]]>([
  [{ only: ['train'] }, ['train-0', 'train-1']],
  [{ only: ['train-1', 'report'] }, ['train-1', 'report train']],
  [{ until: ['report'] }, ['prep', 'train-0 prep', 'train-1 prep', 'report train']],
  [{ from: ['train-1'] }, ['train-1', 'report train']],
  [{ skip: ['train'] }, ['prep', 'report prep']],
  [{ only: ['trian'] }, ['UNKNOWN_JOB: there is no job called `trian` (Did you mean `train`?)']]
])('a group stands for its jobs: %j', (selection, jobs) => {
  expect(left(grouped, selection)).toEqual(jobs);
});

const score = { kind: 'output', job: 'a', output: 'score' } as const;
const NEEDS_SCORE = 'NEEDS_LEFT_OUT: `b` needs the output `score` of `a`, which is left out (Select `a` too.)';

test.each<[string, Partial<PlanJob>, readonly string[]]>([
  ['argument', { argv: ['echo', ['s', score]] }, [NEEDS_SCORE]],
  ['script', { script: [score, score] }, [NEEDS_SCORE]],
  ['variable', { env: [{ name: 'A', value: [score] }] }, [NEEDS_SCORE]],
  ['list', { foreach: score }, [NEEDS_SCORE]],
  ['condition', { when: { kind: 'not', of: { kind: '>', left: score, right: 1 } } }, [NEEDS_SCORE]],
  [
    'status',
    { when: { kind: 'all', of: [{ kind: '==', left: { kind: 'status', job: 'a' }, right: 'Failed' }] } },
    ['NEEDS_LEFT_OUT: `b` needs the status of `a`, which is left out (Select `a` too.)']
  ],
  ['secret', { env: [{ name: 'A', value: { secret: 's', key: 'k' } }] }, ['b']]
])('what a job takes from another one can not be left out: %s', (_, fields, expected) => {
  expect(left(planOf(job('a'), job('b', ['a'], fields)), { only: ['b'] })).toEqual(expected);
});

test('the exit job and all else of the plan stay', () => {
  const plan = { ...diamond, onExit: job('on-exit'), parallelism: 2 };
  expect(selectJobs(plan, { only: ['a'] })).toEqual({ plan: { ...plan, jobs: [job('a')] } });
});

test('what is selected until a job and from it on meets in that job alone', () => {
  const graph = fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
    .map(rows =>
      planOf(...rows.map((row, i) => job(`n${i}`, i === 0 ? [] : [...new Set(row.map(at => `n${at % i}`))])))
    );
  fc.assert(
    fc.property(graph, fc.nat(), (plan, at) => {
      const { name } = plan.jobs[at % plan.jobs.length]!;
      expect(left(plan, { from: [name], until: [name] })).toEqual([name]);
    })
  );
});
