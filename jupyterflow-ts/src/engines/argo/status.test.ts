import { gzipSync } from 'node:zlib';
import type { EngineJob } from '../engine.js';
import type { DagTask, NodeStatus, WorkflowObject, WorkflowSpec, WorkflowStatus } from './objects.js';
import { runOf } from './status.js';

type Draft = Partial<NodeStatus> & { readonly name: string };

const START = '2026-11-22T10:00:00Z';
const END = '2026-11-22T10:00:07Z';

/** A status as Argo 3.6 writes it: nodes by their ids, children as ids; here an id is the name. */
function statusOf(phase: string, drafts: readonly Draft[], more: Partial<WorkflowStatus> = {}): WorkflowStatus {
  const nodes = drafts.map(draft => ({
    id: draft.name,
    type: 'Pod',
    phase: 'Succeeded',
    startedAt: START,
    finishedAt: END,
    ...draft
  }));
  const isOver = phase !== 'Running' && phase !== 'Pending';
  return {
    phase,
    startedAt: START,
    ...(isOver ? { finishedAt: END } : {}),
    nodes: Object.fromEntries(nodes.map(node => [node.id, node])),
    ...more
  };
}

function workflow(
  tasks: readonly DagTask[],
  status?: WorkflowStatus,
  more: { readonly spec?: Partial<WorkflowSpec>; readonly annotations?: Readonly<Record<string, string>> } = {}
): WorkflowObject {
  const spec: WorkflowSpec = {
    entrypoint: 'dag',
    templates: [
      { name: 'dag', dag: { tasks } },
      ...tasks.map(({ name }) => ({
        name,
        container: { image: 'python:3.12', resources: { limits: { memory: '1Gi' } } }
      }))
    ],
    ...more.spec
  };
  return {
    metadata: { name: 'wf', creationTimestamp: START, annotations: more.annotations ?? {} },
    spec,
    ...(status === undefined ? {} : { status })
  };
}

/** `a Succeeded/1, b Failed/2 3 (reason)`: phase, attempts, exit code, reason. */
function inShort(jobs: readonly EngineJob[]): string {
  return jobs
    .map(job => {
      const code = job.exitCode === undefined ? '' : ` ${job.exitCode}`;
      return `${job.name} ${job.phase}/${job.attempts}${code}${job.reason === undefined ? '' : ` (${job.reason})`}`;
    })
    .join(', ');
}

const CHAIN = [
  { name: 'a', template: 'a' },
  { name: 'b', template: 'b', dependencies: ['a'] }
];
const ONE = CHAIN.slice(0, 1);

test('a Workflow that no controller has seen is Pending with all its jobs', () => {
  const run = runOf(workflow(CHAIN));
  expect(run).toEqual({
    id: 'wf',
    state: 'Pending',
    startedAt: Date.parse(START),
    jobs: [
      { name: 'a', phase: 'Pending', attempts: 0, dependsOn: [] },
      { name: 'b', phase: 'Pending', attempts: 0, dependsOn: ['a'] }
    ]
  });
});

test('a job that Succeeded has its times, its exit code and its outputs', () => {
  const outputs = { exitCode: '0', parameters: [{ name: 'score', value: '0.9' }] };
  const run = runOf(workflow(ONE, statusOf('Succeeded', [{ name: 'wf.a', outputs }])));
  expect(run).toEqual({
    id: 'wf',
    state: 'Succeeded',
    startedAt: Date.parse(START),
    finishedAt: Date.parse(END),
    jobs: [
      {
        name: 'a',
        phase: 'Succeeded',
        exitCode: 0,
        attempts: 1,
        dependsOn: [],
        startedAt: Date.parse(START),
        finishedAt: Date.parse(END),
        outputs: { score: '0.9' }
      }
    ]
  });
});

const failed = { phase: 'Failed', message: 'main: Error (exit code 3)', outputs: { exitCode: '3' } };

test.each<[string, readonly DagTask[], WorkflowStatus, string, string | undefined]>([
  [
    // a -> b
    'children of a failed job are Omitted',
    CHAIN,
    statusOf('Failed', [
      { name: 'wf.a', ...failed },
      { name: 'wf.b', type: 'Skipped', phase: 'Omitted', message: 'omitted: depends condition not met' }
    ]),
    'a Failed/1 3 (exited with code 3), b Omitted/0 (a did not succeed)',
    'job a: exited with code 3'
  ],
  [
    'jobs that Argo never came to are Omitted when the run is over',
    [...CHAIN, { name: 'c', template: 'c' }],
    statusOf('Failed', [{ name: 'wf.a', ...failed }]),
    'a Failed/1 3 (exited with code 3), b Omitted/0 (a did not succeed), c Omitted/0 (a failed)',
    'job a: exited with code 3'
  ],
  [
    'with failFast jobs that wait are Omitted after the first failure, unless they ask for another end',
    [
      { name: 'a', template: 'a' },
      { name: 'slow', template: 'slow' },
      { name: 'next', template: 'next', depends: 'slow' },
      { name: 'mend', template: 'mend', depends: 'a.Failed && slow' }
    ],
    statusOf('Running', [
      { name: 'wf.a', ...failed },
      { name: 'wf.slow', phase: 'Running', finishedAt: null }
    ]),
    'a Failed/1 3 (exited with code 3), slow Running/1, next Omitted/0 (a failed), mend Pending/0',
    undefined
  ],
  [
    'a Retry node counts its attempts and tells the last one',
    ONE,
    statusOf('Failed', [
      {
        name: 'wf.a',
        type: 'Retry',
        phase: 'Failed',
        message: 'No more retries left',
        children: ['wf.a(0)', 'wf.a(1)']
      },
      { name: 'wf.a(0)', ...failed },
      { name: 'wf.a(1)', ...failed, message: 'main: OOMKilled (exit code 137)', outputs: { exitCode: '137' } }
    ]),
    'a Failed/2 137 (ran out of memory: it used more than its limit of 1Gi (OOMKilled))',
    'job a: ran out of memory: it used more than its limit of 1Gi (OOMKilled)'
  ],
  [
    'between two attempts a job waits',
    ONE,
    statusOf('Running', [
      { name: 'wf.a', type: 'Retry', phase: 'Running', message: 'Backoff for 10 seconds', finishedAt: null },
      { name: 'wf.a(0)', ...failed }
    ]),
    'a Pending/1 3 (waits 10 seconds before its next attempt)',
    undefined
  ],
  [
    'a pod that waits for a node is Pending and says why; its attempt has not begun',
    ONE,
    statusOf('Running', [
      { name: 'wf.a', phase: 'Pending', message: 'Unschedulable: 0/2 nodes are available: 2 Insufficient cpu.' }
    ]),
    'a Pending/0 (no node can take it: 0/2 nodes are available: 2 Insufficient cpu.)',
    undefined
  ],
  [
    'a lost node is an Error of the place',
    ONE,
    statusOf('Error', [{ name: 'wf.a', phase: 'Error', message: 'pod deleted' }]),
    'a Error/1 (the node was lost, or the pod was deleted)',
    'job a: the node was lost, or the pod was deleted'
  ],
  [
    'a job whose condition is false is Skipped',
    CHAIN,
    statusOf('Succeeded', [
      { name: 'wf.a', type: 'Skipped', phase: 'Skipped', message: "when 'false' evaluated false" },
      { name: 'wf.b' }
    ]),
    'a Skipped/0 (its condition is false), b Succeeded/1 0',
    undefined
  ],
  [
    'an invalid Workflow tells what Argo said',
    ONE,
    statusOf('Error', [], { message: 'invalid spec: templates.dag.tasks.a template name undefined' }),
    'a Omitted/0',
    'invalid spec: templates.dag.tasks.a template name undefined'
  ],
  [
    'edges in the form of an expression name each parent once',
    [
      { name: 'a-1', template: 'a' },
      { name: 'b', template: 'b', depends: '(a-1.Failed || a-1.Errored) && !(a-1.Skipped)' }
    ],
    statusOf('Running', []),
    'a-1 Pending/0, b Pending/0',
    undefined
  ]
])('%s', (_, tasks, status, jobs, reason) => {
  const run = runOf(workflow(tasks, status));
  expect(inShort(run.jobs)).toBe(jobs);
  expect(run.reason).toBe(reason);
  if (tasks[1]?.depends !== undefined) expect(run.jobs[1]?.dependsOn).toEqual(['a-1']);
});

describe('copies', () => {
  const items = (n: number): readonly DagTask[] => [
    { name: 'train', template: 'train', withItems: Array.from({ length: n }, (_, i) => ({ i })) }
  ];
  const list: readonly DagTask[] = [
    { name: 'train', template: 'train', withParam: '{{tasks.list.outputs.parameters.x}}' }
  ];

  test('of a folded group are jobs from the beginning', () => {
    expect(runOf(workflow(items(2))).jobs).toEqual([
      { name: 'train-0', group: 'train', phase: 'Pending', attempts: 0, dependsOn: [] },
      { name: 'train-1', group: 'train', phase: 'Pending', attempts: 0, dependsOn: [] }
    ]);
  });

  test.each<[string, readonly DagTask[], WorkflowStatus, string]>([
    [
      'are found by their places, whatever their items hold, with their attempts',
      items(3),
      statusOf('Running', [
        { name: 'wf.train', type: 'TaskGroup', phase: 'Running', children: ['i1', 'i0', 'wf.next'] },
        { name: 'wf.train(0:i:(1:x))', id: 'i0', type: 'Retry', phase: 'Running' },
        { name: 'wf.train(0:i:(1:x))(0)', ...failed },
        { name: 'wf.train(0:i:(1:x))(1)', phase: 'Running', finishedAt: null },
        { name: 'wf.train(1:i:1)', id: 'i1' },
        { name: 'wf.next' }
      ]),
      'train-0 Running/2, train-1 Succeeded/1 0, train-2 Pending/0'
    ],
    [
      'share the fate of their group when that was skipped',
      items(2),
      statusOf('Succeeded', [{ name: 'wf.train', type: 'Skipped', phase: 'Skipped' }]),
      'train-0 Skipped/0, train-1 Skipped/0'
    ],
    ['of a list that is not known yet are one job', list, statusOf('Running', []), 'train Pending/0'],
    [
      'of an empty list are one job that was skipped',
      list,
      statusOf('Succeeded', [{ name: 'wf.train', type: 'Skipped', phase: 'Skipped' }]),
      'train Skipped/0'
    ],
    [
      'of a list stand in the place of the job once it is known',
      list,
      statusOf('Running', [
        { name: 'wf.train', type: 'TaskGroup', phase: 'Running', children: ['i0', 'i1'] },
        { name: 'wf.train(0:a)', id: 'i0' },
        { name: 'wf.train(1:b)', id: 'i1', phase: 'Running', finishedAt: null }
      ]),
      'train-0 Succeeded/1 0, train-1 Running/1'
    ]
  ])('%s', (_, tasks, status, jobs) => {
    expect(inShort(runOf(workflow(tasks, status)).jobs)).toBe(jobs);
  });
});

test('a stopped run is an Error with the reason of who stopped it, and so are the jobs that ran', () => {
  const status = statusOf(
    'Failed',
    [
      { name: 'wf.a', phase: 'Failed', message: 'workflow shutdown with strategy:  Terminate' },
      { name: 'wf.c', ...failed }
    ],
    { message: "Stopped with strategy 'Terminate'" }
  );
  const run = runOf(
    workflow([...CHAIN, { name: 'c', template: 'c' }], status, {
      annotations: { 'jupyterflow.io/stop-reason': 'stopped by ann' }
    })
  );
  expect([run.state, run.reason]).toEqual(['Error', 'stopped by ann']);
  expect(inShort(run.jobs)).toBe(
    'a Error/1 (stopped by ann), b Omitted/0 (a did not succeed), c Failed/1 3 (exited with code 3)'
  );
});

test('a run that was over before it could be stopped stays as it was', () => {
  const annotations = { 'jupyterflow.io/stop-reason': 'too late' };
  const run = runOf(workflow(ONE, statusOf('Succeeded', [{ name: 'wf.a' }]), { annotations }));
  expect([run.state, run.reason]).toEqual(['Succeeded', undefined]);
});

test('a run past its deadline says so', () => {
  const status = statusOf('Failed', [{ name: 'wf.a', phase: 'Failed', message: 'Step exceeded its deadline' }]);
  const run = runOf(workflow(CHAIN, status, { spec: { activeDeadlineSeconds: 90 } }));
  expect(run.reason).toBe('the deadline of the run, 90 s, has passed');
  expect(inShort(run.jobs)).toBe(
    'a Failed/1 (the deadline of the run, 90 s, has passed), b Omitted/0 (a did not succeed)'
  );
});

test('the exit handler is the last job', () => {
  const status = statusOf('Failed', [{ name: 'wf.a' }, { name: 'wf.onExit', ...failed }]);
  const run = runOf(workflow(ONE, status, { spec: { onExit: 'on-exit' } }));
  expect(inShort(run.jobs)).toBe('a Succeeded/1 0, on-exit Failed/1 3 (exited with code 3)');
});

test('an exit handler with a condition is the step of its template', () => {
  const templates = [
    { name: 'dag', dag: { tasks: ONE } },
    { name: 'on-exit-when', steps: [[{ name: 'mend', template: 'mend' }]] }
  ];
  const status = statusOf('Succeeded', [
    { name: 'wf.a' },
    { name: 'wf.onExit', type: 'Steps' },
    { name: 'wf.onExit[0].mend', type: 'Skipped', phase: 'Skipped' }
  ]);
  const run = runOf(workflow(ONE, status, { spec: { onExit: 'on-exit-when', templates } }));
  expect(inShort(run.jobs)).toBe('a Succeeded/1 0, mend Skipped/0');
});

test('jobs have the names that their templates say, also when tasks could not have them', () => {
  const container = (value: string): object => ({ container: { env: [{ name: 'JUPYTERFLOW_JOB', value }] } });
  const templates = [
    {
      name: 'dag',
      dag: {
        tasks: [
          { name: 'split-job', template: 'split' },
          { name: 't-1', template: 't-1', dependencies: ['split-job'] },
          { name: 'u', template: 'u', withItems: [1], dependencies: ['t-1'] }
        ]
      }
    },
    { name: 'split', ...container('split') },
    { name: 't-1', metadata: { labels: { 'jupyterflow.io/group': 't' } }, ...container('t-1') },
    { name: 'u', ...container('u-{{inputs.parameters.copy}}') }
  ];
  const { jobs } = runOf(workflow([], statusOf('Running', [{ name: 'wf.split-job' }]), { spec: { templates } }));
  expect(jobs.map(({ name, group, dependsOn, phase }) => [name, group, dependsOn, phase])).toEqual([
    ['split', undefined, [], 'Succeeded'],
    ['t-1', 't', ['split'], 'Pending'],
    ['u-0', 'u', ['t-1'], 'Pending']
  ]);
});

test('a result of the cache is no attempt', () => {
  const status = statusOf('Succeeded', [{ name: 'wf.a', memoizationStatus: { hit: true } }]);
  expect(runOf(workflow(ONE, status)).jobs[0]).toMatchObject({ phase: 'Succeeded', attempts: 0, cached: true });
});

test('nodes that Argo compressed are read', () => {
  const { nodes, ...rest } = statusOf('Succeeded', [{ name: 'wf.a' }]);
  const compressedNodes = gzipSync(JSON.stringify(nodes)).toString('base64');
  expect(inShort(runOf(workflow(ONE, { ...rest, compressedNodes })).jobs)).toBe('a Succeeded/1 0');
});

test.each([{ compressedNodes: 'KLUv/SAEIQAAdGVzdA==' }, { offloadNodeStatusVersion: 'fnv:1' }])(
  'nodes that are kept elsewhere are said to be: %j',
  more => {
    const status = { phase: 'Running', startedAt: START, ...more };
    expect(runOf(workflow(ONE, status)).reason).toBe(
      'Argo keeps the state of the jobs where this program does not see it; see the Argo UI'
    );
  }
);
