import { Readable } from 'node:stream';
import { FakeKubernetes } from '../../testing/kubernetes/server.js';
import { logOf, planOf } from '../conformance/case.js';
import type { Engine, EngineRun, LogOptions, Submission } from '../engine.js';
import { argoPath, HttpKubernetesClient } from './api/client.js';
import { openArgoEngine } from './engine.js';
import type { NodeStatus, WorkflowStatus } from './objects.js';
import { podName } from './pod-name.js';

const PATH = argoPath('science', 'workflows');
const PLAN = planOf([{ name: 'a', sh: 'true' }]);
const SUBMISSION: Submission = {
  id: 'wf',
  plan: PLAN,
  home: { hostPath: '/home/jovyan', mountPath: '/home/jovyan', workspace: '' },
  mounts: new Map()
};
const SPEC = { entrypoint: 'dag', templates: [{ name: 'dag', dag: { tasks: [{ name: 'a', template: 'a' }] } }] };
const START = '2026-11-22T10:00:00Z';

let cluster: FakeKubernetes;
let engine: Engine;
beforeEach(async () => {
  cluster = await FakeKubernetes.start();
  engine = openArgoEngine({
    client: new HttpKubernetesClient(cluster.url, 'science', () => Promise.resolve({})),
    manifestOf: ({ id }) => manifest(id)
  });
});
afterEach(() => cluster.close());

const manifest = (name: string): { metadata: { name: string; labels: Record<string, string> }; spec: typeof SPEC } => ({
  metadata: { name, labels: { 'jupyterflow.io/workflow': 'w' } },
  spec: SPEC
});

/** Sets the state of the run `wf` as the controller would. */
function report(phase: string, nodes: readonly Partial<NodeStatus>[] = [], more: Partial<WorkflowStatus> = {}): void {
  const all = nodes.map((node): Partial<NodeStatus> => ({
    id: node.name ?? '',
    type: 'Pod',
    startedAt: START,
    templateName: 'a',
    ...node
  }));
  const isOver = phase !== 'Running';
  const status = {
    phase,
    startedAt: START,
    ...(isOver ? { finishedAt: START } : {}),
    nodes: Object.fromEntries(all.map(node => [node.id ?? '', node])) as Record<string, NodeStatus>,
    ...more
  };
  cluster.store.replace(PATH, { ...cluster.store.get(PATH, 'wf'), status });
}

async function states(runs: AsyncIterable<EngineRun>, each: (run: EngineRun) => void): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const run of runs) {
    seen.push(run.state);
    each(run);
  }
  return seen;
}

describe('submit', () => {
  test('is one create that has unknown fields refused', async () => {
    expect(await engine.submit(SUBMISSION)).toMatchObject({ id: 'wf', state: 'Pending', jobs: [{ name: 'a' }] });
    expect(cluster.seen.map(({ method, path, query }) => `${method} ${path}?${query.toString()}`)).toEqual([
      `POST ${PATH}?fieldValidation=Strict&fieldManager=jupyterflow`
    ]);
  });

  test('of an id that is there is refused', async () => {
    await engine.submit(SUBMISSION);
    await expect(engine.submit(SUBMISSION)).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  });

  test.each<[string, Partial<Submission>]>([
    ['an id that is no name', { id: 'Wf_1' }],
    ['data of this machine', { mounts: new Map([['a', [{ hostPath: '/data', mountPath: '/data' }]]]) }],
    ['a job that may not start', { admit: () => 'the lease has ended' }]
  ])('with %s asks the cluster for nothing', async (_, more) => {
    await expect(engine.submit({ ...SUBMISSION, ...more })).rejects.toMatchObject({ code: 'INVALID_SUBMISSION' });
    expect(cluster.seen).toEqual([]);
  });

  test('without the right tells which one is missing', async () => {
    cluster.denied.add('create workflows');
    await expect(engine.submit(SUBMISSION)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      rule: { verb: 'create', resource: 'workflows', group: 'argoproj.io', namespace: 'science' }
    });
  });
});

test('list takes every page, and only runs of this program', async () => {
  for (let n = 0; n < 205; n++) cluster.store.create(PATH, manifest(`wf-${n}`));
  cluster.store.create(PATH, { metadata: { name: 'other' }, spec: SPEC });
  expect((await engine.list()).map(({ id }) => id)).toEqual(Array.from({ length: 205 }, (_, n) => `wf-${n}`));
  expect(cluster.seen).toHaveLength(3);
});

test('watch shows each change to the end of the run', async () => {
  await engine.submit(SUBMISSION);
  const next = [
    () => report('Running'),
    () => report('Running', [{ name: 'wf.a', phase: 'Running' }]),
    () => report('Succeeded', [{ name: 'wf.a', phase: 'Succeeded' }])
  ];
  expect(await states(engine.watch('wf'), () => next.shift()?.())).toEqual([
    'Pending',
    'Running',
    'Running',
    'Succeeded'
  ]);
});

test('a run that is removed while it is watched is unknown', async () => {
  await engine.submit(SUBMISSION);
  const watching = states(engine.watch('wf'), () => cluster.store.delete(PATH, 'wf'));
  await expect(watching).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
});

test.each([
  [undefined, 'Terminate'],
  ['on-exit', 'Stop']
])('stop lets an exit handler run: onExit %s, shutdown %s', async (onExit, shutdown) => {
  cluster.store.create(PATH, { ...manifest('wf'), spec: { ...SPEC, ...(onExit === undefined ? {} : { onExit }) } });
  report('Running');
  cluster.store.watch(Number(cluster.store.version), ({ object }) => {
    if (object['status'] !== undefined && (object['status'] as WorkflowStatus).phase === 'Running')
      queueMicrotask(() =>
        report('Failed', [{ name: 'wf.a', phase: 'Failed', message: `workflow shutdown with strategy:  ${shutdown}` }])
      );
  });
  await engine.stop('wf', 'stopped by ann');
  expect(cluster.store.get(PATH, 'wf')).toMatchObject({ spec: { shutdown } });
  expect(await engine.get('wf')).toMatchObject({
    state: 'Error',
    reason: 'stopped by ann',
    jobs: [{ phase: 'Error', reason: 'stopped by ann' }, ...(onExit === undefined ? [] : [{ phase: 'Omitted' }])]
  });
});

describe('remove', () => {
  test('refuses a run that is going', async () => {
    await engine.submit(SUBMISSION);
    await expect(engine.remove('wf')).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
  });

  test('deletes the Workflow, and its pods with it', async () => {
    await engine.submit(SUBMISSION);
    report('Succeeded');
    await engine.remove('wf');
    expect(await engine.get('wf')).toBeUndefined();
    expect(cluster.seen.find(({ method }) => method === 'DELETE')?.query.get('propagationPolicy')).toBe('Background');
  });
});

describe('logs', () => {
  const pods = new Map<string, readonly string[]>();
  const retry = (phase: string, attempts: readonly string[]): readonly Partial<NodeStatus>[] => [
    { name: 'wf.a', type: 'Retry', phase },
    ...attempts.map((of, n) => ({ name: `wf.a(${n})`, phase: of }))
  ];

  beforeEach(async () => {
    pods.clear();
    cluster.podLog = pod => {
      const parts = pods.get(pod);
      return parts === undefined ? undefined : Readable.from(parts);
    };
    await engine.submit(SUBMISSION);
  });

  const log = (options?: LogOptions): Promise<string> => logOf(engine, 'wf', 'a', options);

  test('are those of the pod that the node has', async () => {
    report('Succeeded', [{ name: 'wf.a', phase: 'Succeeded' }]);
    pods.set(podName('wf', 'wf.a', 'a'), ['grü', 'n\n']);
    expect(await log({ tail: 5 })).toBe('grün\n');
    expect(cluster.seen.at(-1)?.query.toString()).toBe('container=main&tailLines=5');
  });

  test('are of the last attempt, or of the one that is asked for', async () => {
    report('Running', retry('Running', ['Failed', 'Running']));
    pods.set(podName('wf', 'wf.a(0)', 'a'), ['first\n']);
    pods.set(podName('wf', 'wf.a(1)', 'a'), ['second\n']);
    expect(await log()).toBe('second\n');
    expect(await log({ attempt: 1 })).toBe('first\n');
    expect(await log({ attempt: 3 })).toBe('');
  });

  test('of a job that has not begun are empty', async () => {
    expect(await log()).toBe('');
    report('Running', [{ name: 'wf.a', phase: 'Pending' }]);
    expect(await log()).toBe('');
  });

  test('of a pod that was removed are said to be gone', async () => {
    report('Succeeded', [{ name: 'wf.a', phase: 'Succeeded' }]);
    const message = `the pod ${podName('wf', 'wf.a', 'a')} was removed from the cluster, and its log with it`;
    await expect(log()).rejects.toMatchObject({ code: 'LOG_GONE', message });
  });

  test('are followed from before the pod is there, through all attempts, also when the connection breaks', async () => {
    const steps = [
      () => {
        pods.set(podName('wf', 'wf.a(0)', 'a'), ['2026-01-01T00:00:00.1Z one\n2026-01-01T00:00:0', '0.12Z two\n']);
        report('Running', retry('Running', ['Running']));
      },
      () => undefined,
      () => {
        pods.set(podName('wf', 'wf.a(0)', 'a'), ['2026-01-01T00:00:00.12Z two\n2026-01-01T00:00:00.2Z three']);
        pods.set(podName('wf', 'wf.a(1)', 'a'), ['2026-01-01T00:00:09Z  four \n']);
        report('Running', retry('Running', ['Failed', 'Running']));
      },
      () => undefined,
      () => report('Succeeded', retry('Succeeded', ['Failed', 'Succeeded']))
    ];
    const parts: string[] = [];
    report('Running', [{ name: 'wf.a', type: 'Retry', phase: 'Running' }]);
    const following = engine.logs('wf', 'a', { follow: true });
    setImmediate(() => steps.shift()?.());
    for await (const part of following) {
      parts.push(part);
      steps.shift()?.();
    }
    expect(parts).toEqual(['one\n', 'two\n', 'three', ' four \n']);
  });

  test('of a job or a run that is not there are refused', async () => {
    await expect(logOf(engine, 'wf', 'b')).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
    await expect(logOf(engine, 'other', 'a')).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
  });
});
