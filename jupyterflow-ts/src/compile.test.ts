import { compile } from './compile.js';

test('every problem is told at once, in the order of the file', () => {
  const text = 'jobs:\n- 5\n- {command: a, imag: x}\ndags:\n- 1 >> 9\n- 1 -> 2\n';
  const { diagnostics } = compile({ text, file: 'w' });
  expect(diagnostics.map(({ id, range }) => `${range.start.line} ${id}`)).toEqual([
    '2 job-not-string',
    '3 unknown-key',
    '5 edge-out-of-range',
    '6 edge-syntax'
  ]);
});

test('defaults hold for each job that does not set its own', () => {
  const text = `image: debian:12
timeout: 1h30m
retries: 2
resources: {cpu: 0.5, memory: 500Mi}
volumes: [{dataset: uis/lorem, path: /data}]
jobs:
- a
- {command: b, image: alpine, timeout: 5, retries: 0, resources: {cpu: 2}, volumes: []}
`;
  const { plan } = compile({ text, file: 'w' });
  const volumes = [{ name: 'uis-lorem', kind: 'dataset', ref: 'uis/lorem', mountPath: '/data' }];
  expect(plan?.jobs).toEqual([
    {
      name: 'job-1',
      argv: ['a'],
      dependsOn: [],
      env: [],
      volumes,
      image: 'debian:12',
      retries: 2,
      timeout: 5400,
      resources: { cpu: '0.5', memory: '500Mi' }
    },
    {
      name: 'job-2',
      argv: ['b'],
      dependsOn: [],
      env: [],
      volumes: [],
      image: 'alpine',
      retries: 0,
      timeout: 5,
      resources: { cpu: '2' }
    }
  ]);
});

test('five thousand jobs compile', () => {
  const jobs = Array.from({ length: 5000 }, (_, index) => `- echo ${index}`).join('\n');
  const edges = Array.from({ length: 4999 }, (_, index) => `- ${index + 1} >> ${index + 2}`).join('\n');
  expect(compile({ text: `jobs:\n${jobs}\ndags:\n${edges}\n`, file: 'w' }).plan?.jobs).toHaveLength(5000);
});

test('a place in the file is found by its path, and a job of the plan by its name', () => {
  const { locate, sourceOf } = compile({ text: 'jobs:\n- a\n- {command: b, image: x, name: second}\n', file: 'w' });
  expect(sourceOf('second')).toEqual(['jobs', 1]);
  expect(sourceOf('third')).toBeUndefined();
  expect(locate([...sourceOf('second')!, 'image'])).toEqual({
    start: { line: 3, column: 23 },
    end: { line: 3, column: 24 }
  });
});

test('nothing is found in a file that can not be read', () => {
  expect(compile({ text: '['.repeat(1000), file: 'w' }).locate(['jobs'])).toBeUndefined();
});
