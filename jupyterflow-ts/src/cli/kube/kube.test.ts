import { jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { argoPath } from '../../engines/argo/api/client.js';
import { ProcessKubelet } from '../../testing/argo-simulator/kubelet.js';
import { ArgoSimulator } from '../../testing/argo-simulator/simulator.js';
import { CommandRig, resultOf, type Result } from '../../testing/command.js';
import { failure, FakeKubernetes } from '../../testing/kubernetes/server.js';

const WORKFLOWS = argoPath('science', 'workflows');
const SCHEDULES = argoPath('science', 'cronworkflows');
const PODS = '/api/v1/namespaces/science/pods';

// Each command is a process that loads the client of Kubernetes.
jest.setTimeout(60_000);

let cluster: FakeKubernetes;
let rig: CommandRig;
beforeEach(async () => {
  cluster = await FakeKubernetes.start();
  rig = new CommandRig();
  rig.write('kubeconfig', cluster.kubeconfig());
  rig.env['KUBECONFIG'] = join(rig.folder, 'kubeconfig');
});
afterEach(async () => {
  await cluster.close();
  rig.dispose();
});

const TWO =
  'name: two\njobs:\n- command: echo one\n  image: python:3.12\n- command: echo two; exit $CODE\n  cmd_mode: shell\n  env: {CODE: "0"}\ndags: 1 >> 2\n';

const run = (text: string, ...args: readonly string[]): Promise<Result> => {
  rig.write('workflow.yaml', text);
  return rig.run('run', '-f', 'workflow.yaml', '--kube', ...args);
};

const created = (): { readonly metadata: { readonly name: string }; readonly spec: Record<string, unknown> } =>
  cluster.store.list(WORKFLOWS)[0] as never;

describe('a run', () => {
  test('is created under a name of its own, and its name is all that is printed', async () => {
    const { exit, stdout, stderr } = await run(TWO);
    const { metadata } = created();
    expect([exit, stdout, stderr]).toEqual([0, `${metadata.name}\n`, '']);
    expect(metadata).toMatchObject({
      name: expect.stringMatching(/^two-[a-z0-9]{5}$/) as string,
      labels: { 'jupyterflow.io/workflow': 'two' },
      annotations: { 'jupyterflow.io/workspace': rig.folder }
    });
    expect((await rig.run('list', '--kube', '-o', 'name')).stdout).toBe(`${metadata.name}\n`);
    expect((await rig.run('get', '@latest', '--kube', '-o', 'jsonpath={.state} {.engine}')).stdout).toBe(
      'Pending argo\n'
    );
  });

  test('inherits from the pod that it is started in, without the tokens of that', async () => {
    rig.env['KUBERNETES_SERVICE_HOST'] = '10.0.0.1';
    rig.env['HOSTNAME'] = 'jupyter-ann';
    const env = [
      { name: 'LANG', value: 'nb_NO.UTF-8' },
      { name: 'JUPYTERHUB_API_TOKEN', value: 'geheim' }
    ];
    const spec = { containers: [{ name: 'notebook', image: 'quay.io/jupyter/base-notebook', env }] };
    cluster.store.create(PODS, { metadata: { name: 'jupyter-ann' }, spec });
    expect((await run('jobs: [echo a]\n')).exit).toBe(0);
    const text = JSON.stringify(created().spec);
    expect(text).toContain('quay.io/jupyter/base-notebook');
    expect(text).toContain('nb_NO.UTF-8');
    expect(text).toContain(`"workingDir":"${rig.folder}"`);
    expect(text).not.toContain('geheim');
  });

  test('with leased data is refused', async () => {
    const { exit, stderr } = await run('jobs: [{command: a, volumes: [{lease: ls_abcdefgh, path: /data}]}]\n');
    expect([exit, stderr.split('\n')[0]]).toEqual([
      4,
      'workflow.yaml:1:39: error LEASE_NEEDS_PLATFORM: job job-1 mounts the lease ls_abcdefgh, and leased data can only be used through a platform'
    ]);
    expect(cluster.seen).toEqual([]);
  });

  test('that the API server refuses is told by the lines of the file', async () => {
    cluster.intercept = ({ method }) => {
      const field = 'spec.templates[1].container.image';
      return method === 'POST'
        ? failure(422, 'Invalid', 'no', { causes: [{ field, message: 'Invalid value: "python:3.12"' }] })
        : undefined;
    };
    expect(await run(TWO)).toEqual({
      exit: 3,
      stdout: '',
      stderr: `workflow.yaml:4:10: error cluster-field: the cluster does not take spec.templates[1].container.image: Invalid value: "python:3.12"
  4 |   image: python:3.12
    |          ^^^^^^^^^^^
`
    });
  });
});

test('a run can be started anew with other values of its parameters', async () => {
  const name = (
    await run(
      "params: {n: 2, mode: {enum: [a, b], default: a}}\njobs: [{name: x, command: 'echo ${{ params.mode }}', retries: '${{ params.n }}'}]\n"
    )
  ).stdout.trim();
  const again = await rig.run('resubmit', name, '--kube', '-p', 'mode=b');
  expect(again).toMatchObject({ exit: 0, stderr: '' });
  const values = cluster.store.list(WORKFLOWS).map(({ spec }) => (spec as { readonly arguments: unknown }).arguments);
  const mode = { name: 'mode', enum: ['a', 'b'] };
  expect(values).toEqual([{ parameters: [{ ...mode, value: 'a' }] }, { parameters: [{ ...mode, value: 'b' }] }]);
  expect((await rig.run('resubmit', name, '--kube', '-p', 'mode=c')).stderr).toBe(
    'error PARAMS: `mode` must be one of a, b, not `c`\n'
  );
  expect((await rig.run('resubmit', name, '--kube', '-p', 'n=3')).stderr).toBe(
    'error PARAMS: the run has no parameter `n` that can be changed\n' +
      '  hint: It has: mode. Others are a part of its shape: run the file again, with -p.\n'
  );
});

describe('what keeps a run from starting has an exit code, words and the mend', () => {
  test.each<[string, () => void, number, RegExp]>([
    [
      'a missing right',
      () => cluster.denied.add('create workflows'),
      4,
      /^error FORBIDDEN: system:serviceaccount:science:default may not create workflows in the namespace science\n {2}hint: Ask who runs the cluster to apply:\n {8}apiVersion: rbac[\s\S]*resources: \[workflows\], verbs: \[create\]/
    ],
    [
      'a pod that may not read itself',
      () => {
        rig.env['KUBERNETES_SERVICE_HOST'] = '10.0.0.1';
        cluster.denied.add('get pods');
      },
      4,
      /^error FORBIDDEN: .* may not get pods in the namespace science\n[\s\S]*resources: \[pods\], verbs: \[get\]/
    ],
    [
      'a cluster without Argo',
      () => (cluster.installed = false),
      5,
      /^error NOT_INSTALLED: the cluster has no Argo Workflows\n {2}hint: /
    ],
    [
      'credentials that are not accepted',
      () => (cluster.intercept = () => [401, {}]),
      4,
      /^error UNAUTHENTICATED: the cluster does not accept these credentials\n {2}hint: Log in/
    ],
    [
      'no kubeconfig',
      () => delete rig.env['KUBECONFIG'],
      5,
      /^error NO_CLUSTER: there is no kubeconfig, and this is no pod of a cluster\n {2}hint: Set KUBECONFIG/
    ],
    [
      'a kubeconfig that is not there',
      () => (rig.env['KUBECONFIG'] = '/nope'),
      5,
      /^error NO_CLUSTER: the kubeconfig \/nope is not there\n {2}hint: Set KUBECONFIG/
    ],
    [
      'a kubeconfig that is none',
      () => rig.write('kubeconfig', '{'),
      5,
      /^error NO_CLUSTER: the kubeconfig can't be read: /
    ],
    [
      'a cluster that is away',
      () => rig.write('kubeconfig', cluster.kubeconfig().replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9')),
      5,
      /^error UNREACHABLE: the cluster at http:\/\/127\.0\.0\.1:9 can't be reached: .*\n {2}hint: /
    ]
  ])('%s', async (_, arrange, exit, words) => {
    arrange();
    const result = await run(TWO);
    expect(result).toMatchObject({ exit, stdout: '' });
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toContain('secret-token');
  });

  test('a context that is not there', async () => {
    expect(await run(TWO, '--context', 'other')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error NO_CONTEXT: the kubeconfig has no context other\n  hint: It has: fake.\n'
    });
  });
});

test('who waits for the end of a run that no controller stops is told so', async () => {
  const name = (await run('name: long\njobs: [sleep 1000]\n')).stdout.trim();
  const stopping = rig.start('stop', name, '--kube');
  const result = resultOf(stopping);
  await once(stopping.stderr, 'data');
  expect(cluster.store.get(WORKFLOWS, name)).toMatchObject({ spec: { shutdown: 'Terminate' } });
  const status = { phase: 'Failed', finishedAt: '2026-01-01T00:00:00Z' };
  cluster.store.replace(WORKFLOWS, { ...cluster.store.get(WORKFLOWS, name), status });
  expect(await result).toEqual({
    exit: 0,
    stdout: `${name} stopped\n`,
    stderr:
      `${name} is asked to stop; waiting for its end\n` +
      '  hint: If it takes long, see whether its engine is there: jupyterflow doctor. Ctrl-C ends only the waiting.\n'
  });
});

describe('a schedule', () => {
  const NIGHTLY = 'name: nightly\nschedule: 0 3 * * *\njobs: [echo a]\n';

  test('is made, and made anew from the file under the same name', async () => {
    expect(await run(NIGHTLY)).toEqual({ exit: 0, stdout: 'nightly\n', stderr: '' });
    expect((await run(NIGHTLY.replace('0 3', '30 4'))).exit).toBe(0);
    expect(cluster.store.list(SCHEDULES)).toHaveLength(1);
    expect(await rig.run('cron', 'list')).toEqual({
      exit: 0,
      stderr: '',
      stdout: 'NAME     SCHEDULE    TIMEZONE  SUSPENDED  ACTIVE  LAST\nnightly  30 4 * * *            no         0\n'
    });
  });

  test('has no run that could be waited for, and is not made then', async () => {
    expect(await run(NIGHTLY, '--wait')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error USAGE: a schedule starts its runs later: there is none to wait for\n' +
        '  hint: Leave --wait and --follow out; `jupyterflow cron run-now NAME` starts a run at once.\n'
    });
    expect(cluster.store.list(SCHEDULES)).toEqual([]);
  });

  test('can be suspended, resumed, run now and deleted', async () => {
    await run(NIGHTLY);
    expect((await rig.run('cron', 'suspend', 'nightly')).stdout).toBe('nightly suspended\n');
    expect((await rig.run('cron', 'list', '-o', 'jsonpath={[0].suspended}')).stdout).toBe('true\n');
    expect((await rig.run('cron', 'resume', 'nightly')).stdout).toBe('nightly resumed\n');
    const { stdout } = await rig.run('cron', 'run-now', 'nightly');
    expect(stdout).toMatch(/^nightly-[a-z0-9]{5}\n$/);
    expect(created()).toMatchObject({
      metadata: {
        name: stdout.trim(),
        labels: { 'jupyterflow.io/workflow': 'nightly', 'workflows.argoproj.io/cron-workflow': 'nightly' },
        ownerReferences: [
          { kind: 'CronWorkflow', name: 'nightly', uid: expect.stringMatching(/./) as string, controller: true }
        ]
      },
      spec: { entrypoint: 'dag' }
    });
    expect((await rig.run('cron', 'delete', 'nightly')).stdout).toBe('nightly deleted\n');
    expect((await rig.run('cron', 'list')).stdout).toBe('there are no schedules\n');
  });

  test('that somebody else changed is not overwritten', async () => {
    await run(NIGHTLY);
    const [object] = cluster.store.list(SCHEDULES);
    const metadata = { ...object?.metadata, managedFields: [{ manager: 'kubectl-edit' }] };
    cluster.store.replace(SCHEDULES, { ...object, metadata });
    expect(await run(NIGHTLY)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error CONFLICT: the schedule nightly was changed by kubectl-edit: spec.schedules
  hint: To have it as the file says, delete it first: jupyterflow cron delete nightly
`
    });
  });

  test('of Argo 3.5 is one object a time, and those whose time is gone are deleted', async () => {
    rig.write('config.yaml', 'argoVersion: 3.5\n');
    rig.env['JUPYTERFLOW_CONFIG_FILE'] = join(rig.folder, 'config.yaml');
    const twice = NIGHTLY.replace(
      'schedule: 0 3 * * *',
      'schedule: {cron: [0 3 * * *, 0 5 * * 0], concurrency: Forbid}'
    );
    await run('name: nightly-3\nschedule: 0 9 * * *\njobs: [echo other]\n');
    const first = await run(twice);
    expect(first).toMatchObject({ exit: 0, stdout: 'nightly\n' });
    expect(first.stderr).toMatch(
      /^workflow.yaml:2:\d+: warning argo-schedule-concurrency: in Argo 3.5 each of the 2 times is a schedule of its own, and `concurrency: Forbid` does not hold between them\n/
    );
    const names = (): readonly string[] => cluster.store.list(SCHEDULES).map(({ metadata }) => metadata.name);
    expect(names()).toEqual(['nightly-3', 'nightly', 'nightly-2']);
    const suspended = async (): Promise<string> =>
      (await rig.run('cron', 'list', '-o', 'jsonpath={[*].suspended}')).stdout;
    await rig.run('cron', 'suspend', 'nightly');
    expect(await suspended()).toBe('false true true\n');
    await rig.run('cron', 'resume', 'nightly');
    await rig.run('cron', 'suspend', 'nightly-2');
    expect(await suspended()).toBe('false false true\n');
    expect((await run(NIGHTLY)).exit).toBe(0);
    expect(names()).toEqual(['nightly-3', 'nightly']);
    await run(twice);
    expect((await rig.run('cron', 'delete', 'nightly')).stdout).toBe('nightly deleted\n');
    expect(names()).toEqual(['nightly-3']);
  });

  test('that is not there is said to be unknown', async () => {
    const { exit, stderr } = await rig.run('cron', 'run-now', 'gone');
    expect([exit, stderr]).toEqual([2, 'error NOT_FOUND: cronworkflows.argoproj.io "gone" not found\n']);
  });
});

test('commands that need no cluster do not load its client', async () => {
  rig.env['NODE_V8_COVERAGE'] = join(rig.folder, 'coverage');
  rig.write('workflow.yaml', TWO);
  expect((await rig.run('validate', '-f', 'workflow.yaml')).exit).toBe(0);
  const [report = ''] = readdirSync(rig.env['NODE_V8_COVERAGE']);
  const loaded = readFileSync(join(rig.env['NODE_V8_COVERAGE'], report), 'utf8');
  expect(loaded).toContain('cli/main.js');
  expect(loaded).not.toContain('@kubernetes');
});

const hasBubblewrap = spawnSync('bwrap', ['--version']).status === 0;
if (!hasBubblewrap)
  console.warn('skipped: the simulated cluster runs its pods with bubblewrap, which is not installed');

(hasBubblewrap ? describe : describe.skip)('on a simulated cluster', () => {
  let simulator: ArgoSimulator;
  let pods: string;
  beforeEach(() => {
    pods = join(rig.folder, 'pods');
    simulator = new ArgoSimulator(cluster, new ProcessKubelet({ folder: pods, claims: new Map() }));
  });
  afterEach(() => {
    simulator.close();
    rmSync(pods, { recursive: true, force: true });
  });

  test('a run is followed to its end, fails with its reason, goes on, and can be run anew and deleted', async () => {
    const { exit, stdout, stderr } = await run(TWO.replace('"0"', '"3"'), '--follow');
    const name = stdout.trim().split('\n')[0] ?? '';
    expect(exit).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/job-1\s.*one/);
    expect(stderr).toContain('exited with code 3');
    expect((await rig.run('logs', name, '--kube', '--job', 'job-2')).stdout).toBe('two\n');
    await rig.run('retry', name, '--kube', '--from', 'job-1', '--wait');
    expect((await rig.run('get', name, '--kube', '-o', 'jsonpath={.jobs[*].attempts}')).stdout).toBe('2 2\n');
    const again = await rig.run('resubmit', name, '--kube');
    expect([again.exit, again.stdout.trim() === name]).toEqual([0, false]);
    await rig.run('watch', again.stdout.trim(), '--kube');
    expect((await rig.run('delete', name, again.stdout.trim(), '--kube')).exit).toBe(0);
    expect((await rig.run('list', '--kube', '-o', 'json')).stdout).toBe('[]\n');
  });

  test('a run can be stopped', async () => {
    const name = (await run('name: long\njobs: [sleep 1000]\n')).stdout.trim();
    expect((await rig.run('stop', name, '--kube')).stdout).toBe(`${name} stopped\n`);
    expect((await rig.run('get', name, '--kube', '-o', 'jsonpath={.state}: {.reason}')).stdout).toBe(
      'Error: stopped by the user\n'
    );
  });
});
