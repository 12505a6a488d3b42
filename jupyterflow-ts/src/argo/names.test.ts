import type { Plan } from '../plan/plan.js';
import { toArgo } from './argo.js';
import { jobOfNode, taskName, templateName } from './names.js';

const job = { argv: ['true'], dependsOn: [], env: [], volumes: [], retries: 0, resources: {} };
const copies = (group: string, count: number): Plan['jobs'] =>
  Array.from({ length: count }, (_, at) => ({ ...job, name: `${group}-${at}`, group, argv: ['run', String(at)] }));

test.each(['train', 'a'.repeat(128)])('a template has the name of its job: %s', name => {
  expect(templateName(name)).toBe(name);
});

test('a name that is too long is cut, and two such stay apart', () => {
  const [a, b] = ['x'.repeat(130), `${'x'.repeat(129)}y`].map(templateName);
  expect(a).toMatch(/^x{119}-[0-9a-f]{8}$/);
  expect(a).not.toBe(b);
});

test.each([
  ['train', 'train'],
  ['sort', 'sort-job'],
  ['in', 'in-job'],
  ['mean', 'mean-job'],
  ['to-sort', 'to-sort']
])('the task of %s is called %s, for `depends` is an expression', (name, task) => {
  expect(taskName(name, new Set())).toBe(task);
});

test('a task that has to be called otherwise takes nobody else its name', () => {
  expect(taskName('sort', new Set(['sort', 'sort-job']))).toBe('sort-job-job');
});

describe('the job of a node', () => {
  const list = { kind: 'output', job: 'sort', output: 'list' } as const;
  const { workflow } = toArgo({
    name: 'small',
    failFast: true,
    jobs: [
      { ...job, name: 'sort', outputs: { list: 'list.json' } },
      ...copies('train', 3),
      { ...job, name: 'each', foreach: list, dependsOn: ['sort'], argv: ['run', [{ kind: 'item' }]] },
      { ...job, name: 'plain', script: 'echo hello' }
    ],
    onExit: { ...job, name: 'on-exit' }
  });

  test.each([
    ['small-x.sort', 'sort', { job: 'sort' }],
    ['small-x.sort(0)', 'sort', { job: 'sort', attempt: 0 }],
    ['small-x.train', 'train', { job: 'train' }],
    ['small-x.train(2:copy:2,word-1:2)', 'train', { job: 'train-2' }],
    ['small-x.train(2:copy:2,word-1:2)(1)', 'train', { job: 'train-2', attempt: 1 }],
    ['small-x.train(1:copy:1,word-1:a(7)b)', 'train', { job: 'train-1' }],
    ['small-x.each(10:copy:10,item:x)', 'each', { job: 'each-10' }],
    ['small-x.plain', 'plain', { job: 'plain' }],
    ['small-x.onExit', 'on-exit', { job: 'on-exit' }],
    ['small-x', 'dag', undefined],
    ['small-x.gone', 'gone', undefined],
    ['small-x.hook', undefined, undefined]
  ])('%s', (name, template, expected) => {
    expect(jobOfNode(workflow, { name, ...(template === undefined ? {} : { templateName: template }) })).toEqual(
      expected
    );
  });
});
