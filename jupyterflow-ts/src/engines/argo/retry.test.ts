import type { NodeStatus, WorkflowObject, WorkflowSpec } from './objects.js';
import { podName } from './pod-name.js';
import { resetOf } from './retry.js';
import { runOf } from './status.js';

const START = '2026-11-22T10:00:00.000Z';
const NOW = Date.parse('2026-11-23T10:00:00Z');

const job = (name: string, command = 'true'): object => ({ name, container: { image: 'x', command: [command] } });

/*
 *  a --> b --> c
 *  d (Skipped)
 */
const SPEC: WorkflowSpec = {
  entrypoint: 'dag',
  onExit: 'bye',
  shutdown: 'Stop',
  templates: [
    {
      name: 'dag',
      dag: {
        tasks: [
          { name: 'a', template: 'a' },
          { name: 'b', template: 'b', dependencies: ['a'] },
          { name: 'c', template: 'c', dependencies: ['b'] },
          { name: 'd', template: 'd' }
        ]
      }
    },
    ...['a', 'b', 'c', 'd', 'bye'].map(name => job(name) as { name: string })
  ]
};

const node = (name: string, more: Partial<NodeStatus> = {}): NodeStatus => ({
  id: name,
  name,
  type: 'Pod',
  templateName: name.replace(/^wf\.|\(\d+\)$/g, ''),
  phase: 'Succeeded',
  startedAt: START,
  finishedAt: START,
  ...more
});

const NODES = [
  node('wf', { type: 'DAG', phase: 'Failed', message: 'no', children: ['wf.a', 'wf.b', 'wf.d'] }),
  node('wf.a', { children: ['wf.b'], outputs: { exitCode: '0', parameters: [{ name: 'x', value: '1' }] } }),
  node('wf.b', { type: 'Retry', phase: 'Failed', children: ['wf.b(0)', 'wf.b(1)'] }),
  node('wf.b(0)', { phase: 'Failed' }),
  node('wf.b(1)', { phase: 'Failed' }),
  node('wf.c', { type: 'Skipped', phase: 'Omitted' }),
  node('wf.d', { type: 'Skipped', phase: 'Skipped' }),
  node('wf.onExit', { templateName: 'bye' })
];

function workflow(phase = 'Failed', nodes = NODES): WorkflowObject {
  return {
    metadata: {
      name: 'wf',
      resourceVersion: '7',
      labels: {
        'jupyterflow.io/workflow': 'w',
        'workflows.argoproj.io/completed': 'true',
        'workflows.argoproj.io/phase': phase
      },
      annotations: { 'jupyterflow.io/stop-reason': 'no time', 'jupyterflow.io/workspace': '/home/jovyan' }
    },
    spec: SPEC,
    status: {
      phase,
      message: 'no',
      startedAt: START,
      finishedAt: START,
      nodes: Object.fromEntries(nodes.map(one => [one.id, one]))
    }
  };
}

const names = (of: WorkflowObject): readonly string[] => Object.keys(of.status?.nodes ?? {});

test('nodes of what is done stay, the others go with their pods, and the exit handler runs anew', () => {
  const { workflow: reset, pods } = resetOf(workflow(), { from: [] }, NOW);
  expect(names(reset)).toEqual(['wf', 'wf.a', 'wf.d']);
  expect(reset.status?.nodes?.['wf']).toMatchObject({ phase: 'Running', finishedAt: null, children: ['wf.a', 'wf.d'] });
  expect(reset.status?.nodes?.['wf']).not.toHaveProperty('message');
  expect(reset.status?.nodes?.['wf.a']).toEqual({ ...NODES[1], children: [] });
  expect(pods).toEqual([
    podName('wf', 'wf.b(0)', 'b'),
    podName('wf', 'wf.b(1)', 'b'),
    podName('wf', 'wf.onExit', 'bye')
  ]);
});

test('the controller takes it for a run that goes, and its first start and attempts are kept', () => {
  const { workflow: reset } = resetOf(workflow(), { from: [] }, NOW);
  expect(reset.metadata).toEqual({
    name: 'wf',
    resourceVersion: '7',
    labels: { 'jupyterflow.io/workflow': 'w', 'workflows.argoproj.io/phase': 'Running' },
    annotations: {
      'jupyterflow.io/workspace': '/home/jovyan',
      'jupyterflow.io/started-at': START,
      'jupyterflow.io/attempts': '{"b":2,"bye":1}'
    }
  });
  expect(reset.spec).not.toHaveProperty('shutdown');
  expect(reset.status).toMatchObject({ phase: 'Running', startedAt: '2026-11-23T10:00:00.000Z', finishedAt: null });
  expect(reset.status).not.toHaveProperty('message');
  const run = runOf(reset);
  expect([run.state, run.startedAt]).toEqual(['Running', Date.parse(START)]);
  expect(run.jobs.map(({ name, phase, attempts }) => `${name} ${phase} ${attempts}`)).toEqual([
    'a Succeeded 1',
    'b Pending 2',
    'c Pending 0',
    'd Skipped 0',
    'bye Pending 1'
  ]);
});

test('jobs go on counting their attempts', () => {
  const { spec } = resetOf(workflow(), { from: [] }, NOW).workflow;
  const attempt = (name: string): unknown => spec.templates?.find(one => one.name === name)?.container?.env;
  expect(attempt('b')).toEqual([{ name: 'JUPYTERFLOW_ATTEMPT', value: '3' }]);
  expect(attempt('a')).toBeUndefined();
});

test.each<[string, readonly string[], WorkflowSpec | undefined, readonly string[]]>([
  ['what is named, with all that depends on it', ['a'], undefined, ['wf', 'wf.d']],
  ['what was skipped, when it is named', ['d'], undefined, ['wf', 'wf.a']],
  [
    'what is other than before',
    [],
    {
      ...SPEC,
      templates: (SPEC.templates ?? []).map(one => (one.name === 'a' ? { name: 'a', ...job('a', 'echo') } : one))
    },
    ['wf', 'wf.d']
  ],
  [
    'not what may only take longer or be tried more often',
    [],
    {
      ...SPEC,
      templates: (SPEC.templates ?? []).map(one => (one.name === 'a' ? { ...one, activeDeadlineSeconds: 9 } : one))
    },
    ['wf', 'wf.a', 'wf.d']
  ]
])('runs again: %s', (_, from, spec, left) => {
  expect(names(resetOf(workflow(), { from, ...(spec === undefined ? {} : { spec }) }, NOW).workflow)).toEqual(left);
});

test('of the items of a task those that are not done run again, and the group goes on', () => {
  const spec: WorkflowSpec = {
    entrypoint: 'dag',
    templates: [
      { name: 'dag', dag: { tasks: [{ name: 'x', template: 'x', withItems: [1, 2] }] } },
      job('x') as { name: string }
    ]
  };
  const nodes = [
    node('wf', { type: 'DAG', phase: 'Failed', children: ['wf.x'] }),
    node('wf.x', { type: 'TaskGroup', phase: 'Failed', children: ['i0', 'i1'] }),
    node('wf.x(0:1)', { id: 'i0', templateName: 'x' }),
    node('wf.x(1:2)', { id: 'i1', templateName: 'x', phase: 'Failed' })
  ];
  const { workflow: reset, pods } = resetOf({ ...workflow('Failed', nodes), spec }, { from: [] }, NOW);
  expect(names(reset)).toEqual(['wf', 'wf.x', 'i0']);
  expect(reset.status?.nodes?.['wf.x']).toMatchObject({ phase: 'Running', children: ['i0'] });
  expect(pods).toEqual([podName('wf', 'wf.x(1:2)', 'x')]);
});

test.each<[string, WorkflowObject, readonly string[], string]>([
  ['a run that is going', { ...workflow(), status: { phase: 'Running', startedAt: START } }, [], 'RUN_ACTIVE'],
  ['a job that it does not have', workflow(), ['e'], 'UNKNOWN_JOB'],
  [
    'a run whose state is kept elsewhere',
    { ...workflow(), status: { phase: 'Failed', finishedAt: START, offloadNodeStatusVersion: 'v' } },
    [],
    'INVALID_SUBMISSION'
  ]
])('%s is refused', (_, given, from, code) => {
  expect(() => resetOf(given, { from }, NOW)).toThrow(expect.objectContaining({ code }) as Error);
});

test('attempts that are no numbers, or no JSON, count for nothing', () => {
  for (const text of ['{"b":"9","a":null}', '[', '7']) {
    const of = workflow();
    const run = runOf({ ...of, metadata: { ...of.metadata, annotations: { 'jupyterflow.io/attempts': text } } });
    expect(run.jobs.map(({ attempts }) => attempts)).toEqual([1, 2, 0, 0, 1]);
  }
});
