import { compile } from '../compile.js';
import { MAX_EXPANDED, MAX_JOBS, MAX_VOLUMES } from './size.js';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const messagesOf = (text: string, params = {}): readonly string[] =>
  compile({ text, file: 'w' }, { params }).diagnostics.map(({ id, message }) => `${id}: ${message}`);

const EXPANDED = `too-large: more than ${MAX_EXPANDED} characters once parameters, items and defaults are put into the jobs`;

test.each([
  ['jobs', `jobs:\n${'- a\n'.repeat(MAX_JOBS + 1)}`, 'too-large: 20001 jobs; the limit is 20000'],
  [
    'volumes of a job',
    `jobs:\n- command: a\n  volumes:\n${lines(MAX_VOLUMES + 1, i => `  - {dataset: d, path: /data/${i}}\n`)}`,
    'too-large: a job has more than 200 volumes'
  ],
  [
    'volumes of all jobs',
    `volumes:\n${lines(MAX_VOLUMES + 1, i => `- {dataset: d, path: /data/${i}}\n`)}jobs: [a]`,
    'too-large: a job has more than 200 volumes'
  ],
  ['defaults for each job', `env:\n${lines(500, i => `  K${i}: v\n`)}jobs:\n${'- a\n'.repeat(MAX_JOBS)}`, EXPANDED],
  ['a long default', `image: ${'i'.repeat(3000)}\njobs:\n${'- a\n'.repeat(MAX_JOBS)}`, EXPANDED],
  [
    'a parameter in one command',
    `params: {x: ${'v'.repeat(300_000)}}\njobs:\n- echo ${'${{ params.x }}'.repeat(40)}`,
    EXPANDED
  ],
  [
    'a parameter in each command',
    `params: {x: ${'v'.repeat(300_000)}}\njobs:\n${'- echo ${{ params.x }}\n'.repeat(40)}`,
    EXPANDED
  ]
])('too much is told, and nothing is made of it: %s', (_, text, message) => {
  expect(messagesOf(text)).toEqual([message]);
});

const placesOf = (text: string): readonly string[] =>
  compile({ text, file: 'w' }).diagnostics.map(({ id, range: { start } }) => `${start.line}:${start.column} ${id}`);

test.each([
  ['the greatest number of copies', 'jobs:\n- {command: a, copies: 10}\n- {command: b, copies: 30000}\n', '3:24'],
  ['the job that is one too many', `jobs:\n${'- a\n'.repeat(MAX_JOBS + 9)}`, `${MAX_JOBS + 2}:3`],
  [
    'the volume that is one too many',
    `jobs:\n- command: a\n  volumes:\n${lines(MAX_VOLUMES + 1, i => `  - {dataset: d, path: /data/${i}}\n`)}`,
    `${MAX_VOLUMES + 4}:5`
  ],
  ['a long default', `image: ${'i'.repeat(3000)}\njobs:\n${'- a\n'.repeat(MAX_JOBS)}`, '1:1'],
  [
    'the copies of a job with long texts',
    `jobs:\n- {command: b}\n- command: echo ${'x'.repeat(3000)}\n  copies: ${MAX_JOBS - 9}\n`,
    '4:11'
  ]
])('what makes it too large is pointed at: %s', (_, text, place) => {
  expect(placesOf(text)).toEqual([`${place} too-large`]);
});

test('mistakes beside it are told too, also when the jobs themselves are too many', () => {
  expect(placesOf(`jobs:\n- {command: a, copies: 99999}\n- 5\ndags:\n- 1 >> 3\n`)).toEqual([
    '2:24 too-large',
    '3:3 job-not-string',
    '5:8 edge-out-of-range'
  ]);
  expect(placesOf(`jobs:\n- 5\n${'- a\n'.repeat(MAX_JOBS)}`)).toEqual([
    '2:3 job-not-string',
    `${MAX_JOBS + 2}:3 too-large`
  ]);
});

test('a value given from outside counts as one of the file', () => {
  const text = `params: {x: a}\njobs:\n${'- echo ${{ params.x }}\n'.repeat(40)}`;
  expect(messagesOf(text, { x: 'v'.repeat(300_000) })).toEqual([EXPANDED]);
  expect(messagesOf(text, { x: 'v' })).toEqual([]);
});

test('of too many mistakes the first are told as if there were no others', () => {
  const text = `jobs:\n- command: a\n${lines(60_000, i => `  k${i}: 1\n`)}`;
  const messages = messagesOf(text);
  expect(messages).toHaveLength(1000);
  expect(new Set(messages.map(message => message.replace(/\d+/, 'N')))).toEqual(
    new Set(['unknown-key: `kN` is not a key of a job'])
  );
});

test.each([
  ['jobs with an unknown key', `jobs:\n${'- {command: a, nam: x}\n'.repeat(MAX_JOBS)}`],
  ['unknown keys of one job', `jobs:\n- command: a\n${lines(60_000, i => `  k${i}: 1\n`)}`],
  ['expressions that are not closed', `jobs:\n- "${'${{ '.repeat(180_000)}a"`],
  ['edges of unknown jobs', `jobs:\n${'- a\n'.repeat(MAX_JOBS)}dags:\n${lines(40_000, i => `- xx${i} >> y\n`)}`]
])('a file with as many mistakes as fit into it is answered: %s', (_, text) => {
  const { diagnostics, plan } = compile({ text, file: 'w' });
  expect(plan).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
});
