import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRig } from '../../testing/command.js';

let rig: CommandRig;
beforeAll(() => {
  rig = new CommandRig();
  rig.env['JUPYTERFLOW_TOKEN'] = 'secret-token';
});
afterAll(() => rig.dispose());

const run = async (text: string, ...args: readonly string[]) => {
  rig.write('workflow.yaml', text);
  return rig.run('run', '-f', 'workflow.yaml', '--local', ...args);
};

const CHAIN = `name: chain
jobs:
- command: echo hello > greeting.txt
  cmd_mode: shell
- cat greeting.txt
- command: env
dags: 1 >> 2 >> 3
`;

test.each([[[]], [['--no-sandbox']]])('a run on this machine %j', async flags => {
  const { exit, stdout, stderr } = await run(CHAIN, '--wait', ...flags);
  const name = stdout.trim();
  expect(name).toMatch(/^chain-[a-z0-9]{5}$/);
  expect([exit, stderr.replace(/\d+\.\d s/g, 'T').replaceAll(/^job-\d {2}Running\n/gm, '')]).toEqual([
    0,
    `job-1  Succeeded  T\njob-2  Succeeded  T\njob-3  Succeeded  T\n${name}  Succeeded  T\n`
  ]);
  expect((await rig.run('logs', '@latest', '--job', 'job-2')).stdout).toBe('hello\n');
  const environment = (await rig.run('logs', name, '--job', 'job-3')).stdout;
  expect(environment).toContain(`JUPYTERFLOW_RUN=${name}\n`);
  expect(environment).not.toContain('secret-token');
  expect(readdirSync(rig.folder).sort()).toEqual(['data', 'greeting.txt', 'workflow.yaml']);
  expect((await rig.run('delete', name)).stdout).toBe(`${name} deleted\n`);
  expect((await rig.run('list', '-o', 'json')).stdout).toBe('[]\n');
});

test('a schedule is kept by no machine: the run starts now, and that is said', async () => {
  const { exit, stderr } = await run('name: nightly\nschedule: 0 3 * * *\njobs: [echo a]\n');
  expect([exit, stderr]).toEqual([
    0,
    'warning SCHEDULE_NOT_KEPT: only a cluster keeps schedules; this run starts now, once\n'
  ]);
});

test.each([
  ['asks for more than the machine has', 1000, []],
  ['asks for more than is left of the processors', 1, ['--cpu', '1500m']]
])('a job that %s waits for the others', async (_, cpu, flags) => {
  const { stdout } = await run(
    `jobs:
- command: until [ -e go ]; do sleep 0.01; done
  cmd_mode: shell
  resources: {cpu: 1}
- command: rm go
  resources: {cpu: ${cpu}}
`,
    ...['-j', '4', ...flags]
  );
  const phases = async (): Promise<string> =>
    (await rig.run('get', stdout.trim(), '-o', 'jsonpath={.jobs[*].phase}')).stdout;
  let seen = await phases();
  while (seen === 'Pending Pending\n') seen = await phases();
  expect(seen).toBe('Running Pending\n');
  rig.write('go', '');
  expect((await rig.run('watch', stdout.trim())).exit).toBe(0);
});

test.each([[[]], [['--no-sandbox']]])('nothing of a run goes on when it has ended %j', async flags => {
  const { stdout } = await run(
    'jobs:\n- command: setsid sleep 86391 & echo $!\n  cmd_mode: shell\n',
    '--wait',
    ...flags
  );
  const pid = (await rig.run('logs', stdout.trim(), '--job', 'job-1')).stdout.trim();
  expect(pid).toMatch(/^\d+$/);
  const lines = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => commandLine(name));
  expect(lines).not.toContain('sleep\0' + '86391\0');
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

test('amounts that are none are refused', async () => {
  const { exit, stderr } = await run(CHAIN, '--memory', '8GB');
  expect([exit, stderr]).toEqual([
    2,
    "error: option '--memory <amount>' argument '8GB' is invalid. Give an amount above 0: 500m, 2, 8Gi.\n(see --help)\n"
  ]);
});

test('a failed run tells which job, how, and what it wrote last', async () => {
  const text = 'name: sad\njobs:\n- command: echo reason; exit 3\n  cmd_mode: shell\n- echo never\ndags: 1 >> 2\n';
  const { exit, stdout, stderr } = await run(text, '--wait');
  expect(exit).toBe(1);
  expect(stderr).toContain('job-1 Failed, exit code 3\n  | reason\n');
  expect((await rig.run('get', stdout.trim(), '-o', 'jsonpath={.jobs[*].phase}')).stdout).toBe('Failed Omitted\n');
});

test('a run goes on by itself; its log can be followed, and it can be stopped', async () => {
  const { stdout } = await run('name: long\njobs:\n- command: echo begun; sleep 1000\n  cmd_mode: shell\n');
  const name = stdout.trim();
  const follow = rig.start('logs', name, '--job', 'job-1', '-f');
  const begun = await new Promise(resolve => follow.stdout.once('data', chunk => resolve(String(chunk))));
  expect(begun).toBe('begun\n');
  expect((await rig.run('delete', name)).stderr).toBe(
    `error RUN_ACTIVE: the run ${name} is going\n  hint: Stop it first: jupyterflow stop ${name}\n`
  );
  const followed = new Promise(resolve => follow.once('close', resolve));
  expect(await rig.run('stop', name)).toEqual({ exit: 0, stdout: `${name} stopped\n`, stderr: '' });
  expect(await followed).toBe(0);
  expect((await rig.run('get', name, '-o', 'jsonpath={.state}: {.reason}')).stdout).toBe(
    'Error: stopped by the user\n'
  );
});

test('what this machine can not do is refused at its place in the file', async () => {
  const outputs = 'name: far\njobs:\n- command: train\n  outputs: {score: /tmp/score}\n';
  expect(await run(outputs)).toEqual({
    exit: 3,
    stdout: '',
    stderr:
      `workflow.yaml:4:20: error INVALID_SUBMISSION: job job-1: the output score is at "/tmp/score", which is no file below ${rig.folder} nor /tmp/jupyterflow\n` +
      '  4 |   outputs: {score: /tmp/score}\n' +
      '    |                    ^^^^^^^^^^\n'
  });
  const long = `name: long\nworkdir: /srv\njobs:\n- true && echo\n`;
  expect((await run(long)).stderr).toContain(
    `workflow.yaml:2:10: error INVALID_SUBMISSION: job job-1: the working folder "/srv" is outside of ${rig.folder}, /tmp\n` +
      '  2 | workdir: /srv\n    |          ^^^^\n'
  );
});

test('a notebook that is not there is told before anything runs', async () => {
  const text = 'name: paper\njobs:\n- echo a\n- {name: b, notebook: paper.ipynb}\n';
  expect(await run(text)).toEqual({
    exit: 3,
    stdout: '',
    stderr:
      'workflow.yaml:4:23: error NOTEBOOK_MISSING: job b runs the notebook paper.ipynb, which is not there\n' +
      '  4 | - {name: b, notebook: paper.ipynb}\n    |                       ^^^^^^^^^^^\n' +
      `  hint: It should be at ${join(rig.folder, 'paper.ipynb')}.\n`
  });
});

test('jobs that did not begin have no place among the logs', async () => {
  const text = 'name: sad\njobs:\n- command: echo a; exit 3\n  cmd_mode: shell\n- echo never\ndags: 1 >> 2\n';
  const { stdout } = await run(text, '--wait');
  expect((await rig.run('logs', stdout.trim())).stdout).toBe('==> job-1 <==\na\n');
});

describe('a secret', () => {
  const text = `name: secretive
jobs:
- command: echo "$TOKEN" | rev
  cmd_mode: shell
  env: {TOKEN: "\${{ secrets.forge.token }}"}
`;
  const folder = 'config/jupyterflow/secrets/forge';

  beforeAll(() => {
    rig.env['XDG_CONFIG_HOME'] = join(rig.folder, 'config');
    mkdirSync(join(rig.folder, folder), { recursive: true });
  });

  test('that is not there is refused before anything starts, and it is said where it should be', async () => {
    expect(await run(text)).toEqual({
      exit: 4,
      stdout: '',
      stderr:
        'workflow.yaml:5:16: error SECRET_MISSING: job job-1 needs the key token of the secret forge, which is not there\n' +
        '  5 |   env: {TOKEN: "${{ secrets.forge.token }}"}\n' +
        '    |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n' +
        `  hint: Each key of a secret is a file that only you can read: ${join(rig.folder, 'config/jupyterflow/secrets')}/NAME/KEY\n`
    });
  });

  test('is a file of the user, reaches its job, and is nowhere else', async () => {
    rig.write(`${folder}/token`, 'planted');
    chmodSync(join(rig.folder, folder, 'token'), 0o600);
    const { stdout } = await run(text, '--wait', '--no-sandbox');
    expect((await rig.run('logs', stdout.trim(), '--job', 'job-1')).stdout).toBe('detnalp\n');
    const kept = readdirSync(join(rig.folder, 'data'), { recursive: true, withFileTypes: true });
    const texts = kept
      .filter(file => file.isFile())
      .map(file => readFileSync(join(file.parentPath, file.name), 'utf8'));
    expect(texts.some(one => one.includes('secretive'))).toBe(true);
    expect(texts.join('\n')).not.toContain('planted');
  });

  test('that others can read is none', async () => {
    chmodSync(join(rig.folder, folder, 'token'), 0o644);
    expect((await run(text)).stderr).toContain('token can be read by others, so it is no secret: chmod 600 it\n');
  });
});

test('of two commands that go on with a run at once one does, and the other is told so', async () => {
  const { stdout } = await run(
    'jobs:\n- command: "[ -e again ] || exit 1; until [ -e done ]; do sleep 0.01; done"\n  cmd_mode: shell\n',
    '--wait'
  );
  const name = stdout.trim();
  rig.write('again', '');
  const both = await Promise.all([rig.run('retry', name), rig.run('retry', name)]);
  expect(both.map(({ exit }) => exit).sort()).toEqual([0, 2]);
  expect(both.map(({ stderr }) => stderr).join('')).toMatch(/^error RUN_ACTIVE: .*\n {2}hint: .*\n$/);
  rig.write('done', '');
  expect((await rig.run('watch', name)).exit).toBe(0);
});

test('a cached job of this machine is not run again in the next run', async () => {
  const text = 'name: cached\njobs:\n- command: echo x >> ran\n  cmd_mode: shell\n  cache: true\n';
  const cached = async (): Promise<string> => {
    const { stdout } = await run(text, '--wait');
    return (await rig.run('get', stdout.trim(), '-o', 'jsonpath={.state} {.jobs[0].cached}')).stdout;
  };
  expect([await cached(), await cached()]).toEqual(['Succeeded \n', 'Succeeded true\n']);
  expect((await rig.run('get', '@latest')).stdout).toContain('not run: nothing changed since it last was\n');
  expect((await run(text, '--wait')).stderr).toContain('Succeeded    not run: nothing changed since it last was\n');
  expect(readFileSync(join(rig.folder, 'ran'), 'utf8')).toBe('x\n');
});
