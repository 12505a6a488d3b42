import type { Run } from '@jupyterflow/schema';
import { CommandRig, resultOf } from '../../testing/command.js';
import { FakePlatform, problem } from '../../testing/platform.js';

let rig: CommandRig;
let platform: FakePlatform;

beforeEach(async () => {
  rig = new CommandRig();
  platform = await FakePlatform.start();
  rig.env['JUPYTERFLOW_PLATFORM'] = platform.url;
  rig.env['JUPYTERHUB_API_TOKEN'] = 'secret-token';
  rig.write('workflow.yaml', FILE);
});
afterEach(async () => {
  await platform.close();
  rig.dispose();
});

const FILE = 'name: demo\njobs:\n- echo a\n- command: b\n  volumes: [{dataset: uis/lorem, path: /data}]\n';

const RUN: Run = {
  id: 'run_abcdefgh',
  name: 'demo-x7k2p',
  workflow: 'demo',
  user: 'kari',
  organization: 'uis',
  engine: 'local',
  state: 'Running',
  startedAt: '2026-01-01T10:00:00.000Z',
  workspace: '/home/jovyan/demo',
  leases: ['ls_abcdefgh'],
  jobs: [
    { name: 'job-1', phase: 'Running', startedAt: '2026-01-01T10:00:00.000Z', attempts: 1, dependsOn: [] },
    { name: 'job-2', phase: 'Pending', attempts: 0, dependsOn: ['job-1'] }
  ],
  links: {},
  sourceDigest: `sha256:${'0'.repeat(64)}`
};

const FAILED: Run = {
  ...RUN,
  state: 'Failed',
  reason: 'job-1 failed',
  finishedAt: '2026-01-01T10:00:02.500Z',
  jobs: [
    {
      name: 'job-1',
      phase: 'Failed',
      reason: 'exited with code 3',
      exitCode: 3,
      startedAt: '2026-01-01T10:00:00.000Z',
      finishedAt: '2026-01-01T10:00:01.000Z',
      attempts: 1,
      dependsOn: []
    },
    { name: 'job-2', phase: 'Omitted', attempts: 0, dependsOn: ['job-1'] }
  ]
};

test('run sends the text of the file and the real folder, with the token and a key', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  expect(await rig.run('run', '-f', 'workflow.yaml', '--name', 'other')).toEqual({
    exit: 0,
    stdout: 'demo-x7k2p\n',
    stderr: ''
  });
  const [{ body, headers }] = platform.seen as [(typeof platform.seen)[number]];
  expect(body).toEqual({ source: FILE, file: 'workflow.yaml', workspace: rig.folder, name: 'other' });
  expect(headers).toMatchObject({
    authorization: 'token secret-token',
    'content-type': 'application/json',
    'idempotency-key': expect.stringMatching(/^[-0-9a-f]{36}$/) as string
  });
});

test('run sends which jobs are selected, after it looked at them itself', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  const args = ['run', '-f', 'workflow.yaml', '--only', 'job-1,job-2', '--skip', 'job-2'];
  expect((await rig.run(...args)).exit).toBe(0);
  expect(platform.seen[0]?.body).toMatchObject({ select: { only: ['job-1', 'job-2'], skip: ['job-2'] } });
  expect(await rig.run(...args, '--from', 'job-9', '--until', 'x')).toEqual({
    exit: 2,
    stdout: '',
    stderr:
      'error UNKNOWN_JOB: there is no job called `x`; there is no job called `job-9`\n  hint: Jobs of this file: job-1, job-2.\n        Did you mean `job-1`?\n'
  });
  expect(platform.seen.length).toBe(1);
});

test('a connection that breaks is tried once more under the same key', async () => {
  let first = true;
  platform.on('POST /runs', () => {
    const reply = first ? 'hang up' : ([201, RUN] as const);
    first = false;
    return reply;
  });
  expect(await rig.run('run', '-f', 'workflow.yaml', '-o', 'jsonpath={.jobs[*].name}')).toEqual({
    exit: 0,
    stdout: 'job-1 job-2\n',
    stderr: ''
  });
  const keys = platform.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([keys[0], keys[0]]);
});

test('--wait tells each change, and of a failed job why and its last lines', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  platform.on('GET /runs/run_abcdefgh/jobs/job-1/log', () => [200, 'one\ntwo\u001b[2J\n']);
  expect(await rig.run('run', '-f', 'workflow.yaml', '--wait')).toEqual({
    exit: 1,
    stdout: 'demo-x7k2p\n',
    stderr: `\
job-1  Running
job-1  Failed     1.0 s  exited with code 3
job-2  Omitted

job-1 Failed, exit code 3
  | one
  | two\uFFFD[2J
demo-x7k2p  Failed  2.5 s: job-1 failed
`
  });
  expect(platform.seen.at(-1)?.url).toBe('/services/platform/api/v1/runs/run_abcdefgh/jobs/job-1/log?tail=20');
});

test('--wait ends well with the run, and outlives a restart of the platform', async () => {
  let looks = 0;
  platform.on('POST /runs', () => [201, { ...RUN, jobs: [] }]);
  platform.on('GET /runs/run_abcdefgh', () => {
    looks += 1;
    return looks === 1
      ? 'hang up'
      : [200, { ...RUN, jobs: [], state: 'Succeeded', finishedAt: '2026-01-01T11:01:05Z' }];
  });
  expect(await rig.run('run', '-f', 'workflow.yaml', '--wait')).toEqual({
    exit: 0,
    stdout: 'demo-x7k2p\n',
    stderr: 'demo-x7k2p  Succeeded  1 h 1 min\n'
  });
});

const GOES_ON = `; demo-x7k2p goes on
  to go on watching it: jupyterflow watch demo-x7k2p
  to stop it: jupyterflow stop demo-x7k2p
`;

test('Ctrl-C stops the waiting, not the run', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => [200, RUN]);
  const child = rig.start('run', '-f', 'workflow.yaml', '--wait');
  child.stderr.once('data', () => child.kill('SIGINT'));
  expect(await resultOf(child)).toEqual({
    exit: 130,
    stdout: 'demo-x7k2p\n',
    stderr: `job-1  Running\nno longer watching${GOES_ON}`
  });
});

test('Ctrl-C does not wait for a slow answer', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => {
    child.kill('SIGINT');
    return 'hold';
  });
  const child = rig.start('run', '-f', 'workflow.yaml', '--wait');
  expect((await resultOf(child)).exit).toBe(130);
});

test('--stop-on-interrupt stops the run and shows its end', async () => {
  let stopped = false;
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('POST /runs/run_abcdefgh/stop', () => {
    stopped = true;
    return [200, FAILED];
  });
  platform.on('GET /runs/run_abcdefgh', () => [
    200,
    stopped ? { ...FAILED, jobs: [], reason: 'stopped by kari' } : RUN
  ]);
  const child = rig.start('run', '-f', 'workflow.yaml', '--wait', '--stop-on-interrupt');
  child.stderr.once('data', () => child.kill('SIGINT'));
  expect(await resultOf(child)).toEqual({
    exit: 130,
    stdout: 'demo-x7k2p\n',
    stderr:
      'job-1  Running\nstopping demo-x7k2p; Ctrl-C again leaves at once\ndemo-x7k2p  Failed  2.5 s: stopped by kari\n'
  });
});

test('a second Ctrl-C leaves at once', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => [200, RUN]);
  platform.on('POST /runs/run_abcdefgh/stop', () => {
    child.kill('SIGINT');
    return 'hold';
  });
  const child = rig.start('run', '-f', 'workflow.yaml', '--wait', '--stop-on-interrupt');
  child.stderr.once('data', () => child.kill('SIGINT'));
  expect((await resultOf(child)).exit).toBe(130);
});

test('--follow prints what the jobs write, line by line under their names', async () => {
  const two = { ...RUN.jobs[0]!, name: 'job-22' };
  platform.on('POST /runs', () => [201, { ...RUN, jobs: [RUN.jobs[0], two] }]);
  platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  platform.on('GET /runs/run_abcdefgh/jobs/job-1/log', () => [200, 'one\n10 %\r20 %\r\nend\u001b[2J']);
  platform.on('GET /runs/run_abcdefgh/jobs/job-22/log', () => [403, problem(403, 'NOT_ALLOWED', 'not yours')]);
  const { exit, stdout } = await rig.run('run', '-f', 'workflow.yaml', '--follow');
  const [name, ...lines] = stdout.split('\n');
  expect([exit, name]).toEqual([1, 'demo-x7k2p']);
  expect(lines.filter(line => line.startsWith('job-1 ')).join('\n')).toBe(
    'job-1  | one\njob-1  | 20 %\njob-1  | end\uFFFD[2J'
  );
  expect(lines).toContain("job-22 | (its log can't be read: not yours)");
});

test('--wait -o prints the run as it ended', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  platform.on('GET /runs/run_abcdefgh/jobs/job-1/log', () => [200, '']);
  const { exit, stdout } = await rig.run('run', '-f', 'workflow.yaml', '--wait', '-o', 'jsonpath={.state}');
  expect([exit, stdout]).toEqual([1, 'Failed\n']);
});

test('--timeout ends a wait that is too long', async () => {
  platform.on('POST /runs', () => [201, RUN]);
  platform.on('GET /runs/run_abcdefgh', () => [200, RUN]);
  const { exit, stderr } = await rig.run('run', '-f', 'workflow.yaml', '--wait', '--timeout', '50ms');
  expect([exit, stderr.slice(stderr.indexOf('waited'))]).toEqual([124, `waited long enough${GOES_ON}`]);
});

test.each([
  [409, 'LEASE_NOT_ACTIVE', 4, ''],
  [401, 'UNAUTHENTICATED', 4, '  hint: Set JUPYTERFLOW_TOKEN to a token of your JupyterHub account (Hub > Token).\n'],
  [403, 'NOT_ALLOWED', 4, ''],
  [404, 'UNKNOWN_DATASET', 4, ''],
  [413, 'TOO_LARGE', 2, ''],
  [503, 'LEDGER_UNAVAILABLE', 5, '']
])('%i %s ends with exit code %i', async (status, code, exit, hint) => {
  platform.on('POST /runs', () => [status, problem(status, code, 'why, and what to do.')]);
  const stderr = `error ${code}: why, and what to do.\n${hint}`;
  expect(await rig.run('run', '-f', 'workflow.yaml')).toEqual({ exit, stdout: '', stderr });
});

test.each([
  [404, 'UNKNOWN_DATASET', 'There is no dataset uis/lorem that you may see.'],
  [409, 'LEASE_NOT_ACTIVE', 'You hold no lease of Lorem now. Lease it in the DataExplorer, then run again.']
])('%i %s points to the volume that the platform refuses', async (status, code, detail) => {
  const range = { start: { line: 5, column: 23 }, end: { line: 5, column: 32 } };
  const source = { file: 'workflow.yaml', range };
  platform.on('POST /runs', () => [status, problem(status, code, `workflow.yaml:5: ${detail}`, { source })]);
  expect(await rig.run('run', '-f', 'workflow.yaml')).toEqual({
    exit: 4,
    stdout: '',
    stderr: `\
workflow.yaml:5:23: error ${code}: ${detail}
  5 |   volumes: [{dataset: uis/lorem, path: /data}]
    |                       ^^^^^^^^^
`
  });
});

test('what the platform finds in the file looks like what validate finds', async () => {
  const range = { start: { line: 3, column: 3 }, end: { line: 3, column: 9 } };
  const diagnostics = [
    { id: 'policy', severity: 'error', message: 'not here', file: 'workflow.yaml', range, related: [] }
  ];
  platform.on('POST /runs', () => [422, problem(422, 'INVALID_WORKFLOW', 'The workflow has errors.', { diagnostics })]);
  expect(await rig.run('run', '-f', 'workflow.yaml')).toEqual({
    exit: 3,
    stdout: '',
    stderr: `\
workflow.yaml:3:3: error policy: not here
  3 | - echo a
    |   ^^^^^^
error INVALID_WORKFLOW: The workflow has errors.
`
  });
});

test('a platform that is not there: which, why, exit code 5, and never the token', async () => {
  await platform.close();
  const { exit, stdout, stderr } = await rig.run('list', '--debug');
  const quiet = await rig.run('list');
  expect([exit, stdout]).toEqual([5, '']);
  expect(quiet.stderr).toBe(`\
error UNREACHABLE: the platform at ${platform.url} can't be reached: connect ECONNREFUSED ${new URL(platform.url).host}
  hint: Is it running? Its URL comes from --platform, JUPYTERFLOW_PLATFORM or ~/.jupyterflow.yaml.
`);
  expect(stderr).toContain('at ');
  expect(stderr).not.toContain('secret-token');
});

test('an answer that is no answer of a platform', async () => {
  platform.on('GET /runs', () => [200, '<html>']);
  const url = `${platform.url}/api/v1/runs?mine=true&limit=100`;
  expect(await rig.run('list')).toEqual({
    exit: 5,
    stdout: '',
    stderr: `error PLATFORM: the answer of ${url} is not JSON: is this the URL of a platform?\n`
  });
});

test('list goes through the pages, the newest first', async () => {
  const older = {
    ...FAILED,
    id: 'run_older123',
    name: 'demo-older',
    startedAt: '2025-12-31T10:00:00.000Z',
    finishedAt: '2025-12-31T10:00:01.000Z'
  };
  platform.on('GET /runs', ({ url }) =>
    url.includes('cursor=next')
      ? [200, { items: [FAILED], nextCursor: null }]
      : [200, { items: [older], nextCursor: 'next' }]
  );
  expect(await rig.run('list')).toEqual({
    exit: 0,
    stdout: `\
NAME        STATE   STARTED                   TIME   JOBS
demo-x7k2p  Failed  2026-01-01T10:00:00.000Z  2.5 s  0/2
demo-older  Failed  2025-12-31T10:00:00.000Z  1.0 s  0/2
`,
    stderr: ''
  });
  expect((await rig.run('list', '-o', 'name')).stdout).toBe('demo-x7k2p\ndemo-older\n');
  platform.seen.length = 0;
  expect((await rig.run('list', '-o', 'name', '--limit', '1', '--state', 'Failed')).stdout).toBe('demo-older\n');
  expect(platform.seen.map(({ url }) => url.replace(/.*\?/, ''))).toEqual(['mine=true&state=Failed&limit=100']);
  expect((await rig.run('list', '-o', 'wide')).stdout).toBe(`\
NAME        STATE   STARTED                   TIME   JOBS  ENGINE  FOLDER             LEASES       REASON
demo-x7k2p  Failed  2026-01-01T10:00:00.000Z  2.5 s  0/2   local   /home/jovyan/demo  ls_abcdefgh  job-1 failed
demo-older  Failed  2025-12-31T10:00:00.000Z  1.0 s  0/2   local   /home/jovyan/demo  ls_abcdefgh  job-1 failed
`);
  expect(await rig.run('get', 'demo')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'error AMBIGUOUS_RUN: 2 runs begin with demo\n  hint: Write more of the name: demo-x7k2p, demo-older.\n'
  });
});

test('an empty list says how to begin', async () => {
  platform.on('GET /runs', () => [200, { items: [], nextCursor: null }]);
  expect(await rig.run('list')).toEqual({
    exit: 0,
    stdout: '',
    stderr: 'No runs. Start one: jupyterflow run -f workflow.yaml\n'
  });
});

test('delete forgets all that are named or all that have ended, and goes on after one that can not be', async () => {
  const other = { ...FAILED, id: 'run_other123', name: 'other-b4c8d' };
  const going = { ...RUN, id: 'run_going123', name: 'going-z2z2z' };
  platform.on('GET /runs', () => [200, { items: [FAILED, other, going], nextCursor: null }]);
  platform.on('DELETE /runs/run_abcdefgh', () => [409, problem(409, 'WRONG_STATE', 'it is going')]);
  platform.on('DELETE /runs/run_other123', () => [204]);
  const partly = { exit: 2, stdout: 'other-b4c8d deleted\n', stderr: 'error WRONG_STATE: it is going\n' };
  expect(await rig.run('delete', 'demo-x7k2p', 'other')).toEqual(partly);
  expect(await rig.run('delete', '--all-finished', '--yes')).toEqual(partly);
  expect(await rig.run('delete', '--all-finished')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'error USAGE: Delete 2 finished runs? Nobody can be asked here.\n  hint: Use --yes.\n'
  });
  expect(await rig.run('delete')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'error USAGE: name the runs to delete, or use --all-finished\n'
  });
});

describe('one run by name, id or @latest', () => {
  beforeEach(() => {
    platform.on('GET /runs', () => [200, { items: [FAILED], nextCursor: null }]);
    platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  });

  test.each(['demo-x7k2p', 'demo-x', 'run_abcdefgh', 'run_abc', '@latest'])('get %s', async reference => {
    expect(await rig.run('get', reference)).toEqual({
      exit: 0,
      stderr: '',
      stdout: `\
name      demo-x7k2p
id        run_abcdefgh
state     Failed: job-1 failed
started   2026-01-01T10:00:00.000Z
finished  2026-01-01T10:00:02.500Z
duration  2.5 s
engine    local
folder    /home/jovyan/demo
leases    ls_abcdefgh

JOB    STATE    TIME   EXIT  ATTEMPTS  AFTER  REASON
job-1  Failed   1.0 s  3     1                exited with code 3
job-2  Omitted               0         job-1
`
    });
  });

  test('one that is not there', async () => {
    expect(await rig.run('get', 'gone')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error UNKNOWN_RUN: there is no run gone\n  hint: See `jupyterflow list`.\n'
    });
  });

  test('logs of one job, followed, and of all', async () => {
    platform.on('GET /runs/run_abcdefgh/jobs/job-1/log', () => [200, 'one\ntwø']);
    platform.on('GET /runs/run_abcdefgh/jobs/job-2/log', () => [200, '']);
    expect((await rig.run('logs', '@latest', '--job', 'job-1', '-f', '--tail', '5')).stdout).toBe('one\ntwø');
    expect(platform.seen.at(-1)?.url).toMatch(/job-1\/log\?follow=true&tail=5$/);
    expect((await rig.run('logs', 'demo-x7k2p')).stdout).toBe('==> job-1 <==\none\ntwø\n==> job-2 <==\n');
    expect((await rig.run('logs', 'demo-x7k2p', '--prefix')).stdout).toBe('job-1 | one\njob-1 | twø\n');
    expect((await rig.run('logs', '@latest', '-f', '--attempt', '1', '--job', 'job-1')).exit).toBe(0);
    expect(platform.seen.at(-1)?.url).toMatch(/job-1\/log\?follow=true&attempt=1$/);
    expect((await rig.run('logs', '@latest', '-f', '--tail', '2')).stdout).toBe('job-1 | one\njob-1 | twø\n');
    expect(await rig.run('logs', '@latest', '--attempt', '2')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error UNKNOWN_ATTEMPT: job job-1 had 1 attempt\n'
    });
    expect(await rig.run('logs', '@latest', '--job', 'x')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error UNKNOWN_JOB: the run demo-x7k2p has no job x\n  hint: Its jobs: job-1, job-2.\n'
    });
  });

  test('stop and delete', async () => {
    platform.on('DELETE /runs/run_abcdefgh', () => [204]);
    expect((await rig.run('stop', '@latest')).stdout).toBe('demo-x7k2p has ended already: Failed\n');
    expect((await rig.run('delete', '@latest')).stdout).toBe('demo-x7k2p deleted\n');
    platform.on('GET /runs/run_abcdefgh', () => [200, RUN]);
    platform.on('POST /runs/run_abcdefgh/stop', () => [202, RUN]);
    expect((await rig.run('stop', 'run_abcdefgh')).stdout).toBe('demo-x7k2p stopped\n');
  });
});
