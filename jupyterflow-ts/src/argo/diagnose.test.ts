import { compile } from '../compile.js';
import { toArgo } from './argo.js';
import { diagnose } from './diagnose.js';
import type { ArgoOptions } from './options.js';

function problemsOf(text: string, options: ArgoOptions = {}): readonly string[] {
  const compilation = compile({ text, file: 'workflow.yaml' });
  const { problems } = toArgo(compilation.plan!, options);
  return diagnose(problems, compilation, 'workflow.yaml').map(
    ({ id, message, range: { start } }) => `${start.line}:${start.column} ${id}: ${message}`
  );
}

test('a problem of all copies of a job is told once, by the name that the file has', () => {
  const text = 'jobs:\n- {name: a, command: ls, copies: 3, cache: true}\n- {name: b, command: ls, cache: true}\n';
  expect(problemsOf(text)).toEqual([
    '2:44 argo-cache-unknown: `a` always runs in Argo: no cache is set up',
    '3:33 argo-cache-unknown: `b` always runs in Argo: no cache is set up'
  ]);
});

test('two problems of one job at one place are both told', () => {
  const long = 'x'.repeat(131_072);
  const text = `jobs:\n- {name: a, command: [${long}, ${long}], copies: 2}\n`;
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(/^2:13 argo-argument-too-long: word 1 of the command of `a` /),
    expect.stringMatching(/^2:13 argo-argument-too-long: word 2 of the command of `a` /)
  ]);
});

const TWO =
  'jobs:\n- {name: a, command: ls > $TEMPORARY_FOLDER/x, cmd_mode: shell}\n- {name: b, command: ls, needs: a}\n';

test('a job that uses the folder of the run is told of where the jobs share none', () => {
  expect(problemsOf(TWO)).toEqual([
    '2:22 argo-temporary-folder: `a` uses TEMPORARY_FOLDER, and on this cluster the jobs of a run do not share it'
  ]);
});

test.each<[string, string, ArgoOptions]>([
  ['has a volume for the run', TWO, { temporaryStorage: '10Gi' }],
  ['has the home as a volume', TWO, { inherited: { volumeMounts: [{ name: 'home', mountPath: '/home/jovyan' }] } }],
  ['has one job', 'jobs: [{command: ls $TEMPORARY_FOLDER, cmd_mode: shell}]\n', {}]
])('a run that %s is told nothing of it', (_, text, options) => {
  expect(problemsOf(text, options)).toEqual([]);
});

test('a time that does not hold between the schedules of Argo 3.5 is told where it stands', () => {
  const text = 'schedule: {cron: [0 3 * * *, 0 5 * * 0], concurrency: Replace}\njobs: [ls]\n';
  expect(problemsOf(text, { argoVersion: '3.6' })).toEqual([]);
  expect(problemsOf(text, { argoVersion: '3.5' })).toEqual([
    '1:55 argo-schedule-concurrency: in Argo 3.5 each of the 2 times is a schedule of its own, and `concurrency: Replace` does not hold between them'
  ]);
});
