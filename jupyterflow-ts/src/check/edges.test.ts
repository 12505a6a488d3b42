import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const JOBS = 'jobs: [a, b, {command: c, name: third}]\n';
const waits = (text: string): unknown =>
  compile({ text, file: 'w' }).plan?.jobs.map(({ name, dependsOn }) => `${name}: ${dependsOn.join(' ')}`.trim());

test.each([
  //  1 -> 2 -> third
  ['dags: 1 >> 2 >> 3', ['job-1:', 'job-2: job-1', 'third: job-2']],
  ['dags: [1 >> 2, job-2 >> third]', ['job-1:', 'job-2: job-1', 'third: job-2']],
  //  1 -+
  //     +-> third
  //  2 -+
  ["dags: ['[1, 2] >> third']", ['job-1:', 'job-2:', 'third: job-1 job-2']],
  ['dags:\n- 1, 2 >> 3', ['job-1:', 'job-2:', 'third: job-1 job-2']],
  ['dags:', ['job-1:', 'job-2:', 'third:']],
  ['dags: []', ['job-1:', 'job-2:', 'third:']]
])('%s', (dags, jobs) => {
  expect(waits(`${JOBS}${dags}\n`)).toEqual(jobs);
});

test.each([
  ['needs: 1', 'job-1'],
  ['needs: first', undefined],
  ['needs: [2, job-1]', 'job-1 job-2'],
  ["needs: '2'", 'job-2']
])('a job with %s waits for %s', (needs, names) => {
  expect(waits(`jobs:\n- a\n- b\n- command: c\n  ${needs}\n`)).toEqual(
    names === undefined ? undefined : ['job-1:', 'job-2:', `job-3: ${names}`]
  );
});

test.each([
  [
    '1 >> 9',
    '2:9-10 error edge-out-of-range: there is no job 9: jobs are numbered from 1 to 3 (Use such a number, or the name of a job.)'
  ],
  ['0 >> 1', '2:4-5 error edge-out-of-range: there is no job 0: jobs are numbered from 1 to 3 (Counting begins at 1.)'],
  ['1 >> thrid', '2:9-14 error edge-unknown-job: there is no job called `thrid` (Did you mean `third`?)'],
  ['1 -> 2', '2:6-8 error edge-syntax: `->` is not an arrow (Write: 1 >> 2)'],
  [
    '5',
    '2:4-5 error edge-syntax: an edge needs two jobs (Write: 5 >> b. A job that waits for no other needs no edge.)'
  ],
  ['1 >> 1', '2:4-10 error edge-self: job `job-1` would wait for itself (Remove this edge.)'],
  [
    '[1, 2] >> 3',
    "2:4-15 error edge-not-quoted: YAML reads the [ as the start of a list (Quote the edge: - '[1, 2] >> 3')"
  ]
])('%s', (edge, diagnostic) => {
  expect(diagnose(`dags:\n - ${edge}\n${JOBS}`)).toEqual([diagnostic]);
});

test('an edge that is there twice, also as needs, is a warning', () => {
  expect(diagnose('jobs:\n- a\n- {command: b, needs: 1}\ndags:\n- 1 >> 2\n')).toEqual([
    '3:23-24 warning edge-duplicate: the edge job-1 >> job-2 is here a second time (Remove one of them.) @5:3'
  ]);
});

test('lists that multiply into too many edges are refused', () => {
  const list = `[${Array.from({ length: 500 }, (_, index) => index + 1).join(', ')}]`;
  const jobs = Array.from({ length: 500 }, () => '- a').join('\n');
  const lines = diagnose(`dags: '${list} >> ${list}'\njobs:\n${jobs}\n`).filter(line =>
    line.includes('too-many-edges')
  );
  expect(lines.map(line => line.replace(/^\S+ /, ''))).toEqual([
    'error too-many-edges: more than 200000 edges (Put a job between the lists, or use `copies` or `foreach`: a group is waited for by one edge.)'
  ]);
});
