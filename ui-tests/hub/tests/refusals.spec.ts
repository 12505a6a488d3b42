import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetPage, Lease, LeasePage, Problem, RunPage } from '@jupyterflow/schema';
import { expect, test } from '@playwright/test';
import { inTerminal, people, Session } from '@jupyterflow/hub';
import { login, machine, root } from '../machine.js';

/** Everything that a refused request must leave as it was, as its people see it. */
async function everything(): Promise<unknown> {
  const all = [];
  for (const { name } of people) {
    const session = await login(name);
    all.push(
      await session.platform<DatasetPage>('GET', '/datasets?limit=200'),
      await session.platform<LeasePage>('GET', '/leases?limit=200'),
      await session.platform<RunPage>('GET', '/runs?limit=200')
    );
  }
  return all;
}

/** Sends a body to the platform as `user`, or with another token. */
async function send(
  path: string,
  body: string,
  token: string
): Promise<{ status: number; problem: Problem; type: string | null }> {
  const { url } = await machine();
  const answer = await fetch(`${url}/services/platform/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body
  });
  return { status: answer.status, problem: (await answer.json()) as Problem, type: answer.headers.get('content-type') };
}

async function tokenOf(user: string): Promise<string> {
  const { url, passwords } = await machine();
  const answer = await fetch(`${url}/hub/api/users/${user}/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth: { username: user, password: passwords[user] }, expires_in: 600 })
  });
  return ((await answer.json()) as { token: string }).token;
}

const run = (source: string, workspace = '/home/jovyan/examples'): string => JSON.stringify({ source, workspace });
const mounting = (id: string): string =>
  run(`jobs:\n- command: 'true'\n  volumes:\n  - {id: ${id}, name: data, path: /home/jovyan/data}\n`);

test.describe('a bad request is refused with its code and changes nothing', () => {
  test.beforeAll(async () => (await login('ola')).startServer());

  const cases: readonly (readonly [
    what: string,
    code: string,
    status: number,
    path: string,
    body: string,
    user?: string
  ])[] = [
    [
      'an unknown dataset in a lease',
      'UNKNOWN_DATASET',
      404,
      '/datasets/ds_00000000000000000000/leases',
      '{"purpose":"x"}'
    ],
    ['an unknown dataset in a run', 'UNKNOWN_DATASET', 404, '/runs', mounting('ds_00000000000000000000')],
    ['a cycle', 'INVALID_WORKFLOW', 422, '/runs', run('jobs: [a, b]\ndags: [1 >> 2, 2 >> 1]\n')],
    ['a workspace with ..', 'INVALID_WORKSPACE', 422, '/runs', run('jobs: [a]\n', '/home/jovyan/../kari')],
    ['a workspace outside of the home', 'INVALID_WORKSPACE', 422, '/runs', run('jobs: [a]\n', '/etc')],
    ['a body of 10 MB', 'TOO_LARGE', 413, '/runs', run('#'.repeat(10_000_000))],
    ['a body that is no JSON', 'INVALID_BODY', 400, '/runs', '{'],
    [
      'a directory structure with ..',
      'INVALID_BODY',
      422,
      '/datasets',
      JSON.stringify({ title: 'x', structure: [{ name: '..' }], storage: { kind: 'directory', path: 'lorem' } }),
      'kari'
    ],
    [
      'storage outside of the own data',
      'INVALID_STORAGE',
      422,
      '/datasets',
      JSON.stringify({ title: 'x', storage: { kind: 'directory', path: '../uib/lorem' } }),
      'kari'
    ],
    [
      'publishing as a researcher',
      'NOT_ALLOWED',
      403,
      '/datasets',
      JSON.stringify({ title: 'x', storage: { kind: 'directory', path: 'lorem' } })
    ]
  ];
  for (const [what, code, status, path, body, user = 'ola'] of cases)
    test(`${what}: ${code}`, async () => {
      const before = await everything();
      const answer = await send(path, body, await tokenOf(user));
      expect(answer).toMatchObject({
        status,
        problem: { code, status },
        type: expect.stringContaining('application/problem+json')
      });
      expect(answer.problem.detail.length).toBeGreaterThan(10);
      expect(await everything()).toEqual(before);
    });

  test('a wrong token: UNAUTHENTICATED', async () => {
    const before = await everything();
    expect(await send('/runs', run('jobs: [a]\n'), '0'.repeat(32))).toMatchObject({
      status: 401,
      problem: { code: 'UNAUTHENTICATED' }
    });
    expect(await everything()).toEqual(before);
  });

  test('a wrong password', async () => {
    const { url } = await machine();
    await expect(Session.open(url, 'ola', 'wrong')).rejects.toThrow('403');
    await expect(Session.open(url, 'nobody', '')).rejects.toThrow('403');
  });

  test("someone else's lease: UNKNOWN_LEASE, as if it did not exist", async () => {
    const ida = await login('ida');
    const { items } = await ida.platform<DatasetPage>('GET', '/datasets?limit=200');
    const dataset = items.find(({ name }) => name === 'lorem-uis');
    const lease = await ida.platform<Lease>('POST', `/datasets/${dataset?.id ?? ''}/leases`, {
      purpose: 'hers',
      duration: 'PT10M'
    });
    const before = await everything();
    const token = await tokenOf('ola');
    expect(await send('/runs', mounting(lease.id), token)).toMatchObject({
      status: 404,
      problem: { code: 'UNKNOWN_LEASE' }
    });
    expect(await send(`/leases/${lease.id}/release`, '{}', token)).toMatchObject({
      status: 404,
      problem: { code: 'UNKNOWN_LEASE' }
    });
    expect(await everything()).toEqual(before);
    await ida.platform('POST', `/leases/${lease.id}/release`, {});
  });

  test('an expired lease: LEASE_NOT_ACTIVE, and the run that used it is stopped', async () => {
    const ola = await login('ola');
    const { items } = await ola.platform<DatasetPage>('GET', '/datasets?limit=200');
    const dataset = items.find(({ name }) => name === 'lorem-uio');
    const lease = await ola.platform<Lease>('POST', `/datasets/${dataset?.id ?? ''}/leases`, {
      purpose: 'short',
      duration: 'PT5S'
    });
    const source = `jobs:\n- command: sleep 600\n  volumes:\n  - {id: ${lease.id}, name: data, path: /home/jovyan/data}\n`;
    const started = await ola.platform<{ id: string }>('POST', '/runs', { source, workspace: '/home/jovyan/examples' });
    const now = () => ola.platform<{ state: string; reason?: string }>('GET', `/runs/${started.id}`);
    await expect.poll(async () => (await now()).state, { timeout: 30_000 }).toBe('Error');
    expect((await now()).reason).toContain(lease.id);
    expect((await ola.platform<Lease>('GET', `/leases/${lease.id}`)).state).toBe('expired');
    expect(await send('/runs', mounting(lease.id), await tokenOf('ola'))).toMatchObject({
      status: 409,
      problem: { code: 'LEASE_NOT_ACTIVE', lease: lease.id }
    });
  });

  test('a missing file: the command says which', async () => {
    const { output, exitCode } = await inTerminal(await login('ola'), 'jupyterflow run -f nothing.yaml');
    expect(output.trim()).toBe('No such file nothing.yaml');
    expect(exitCode).toBe(1);
  });

  test('a cycle: the command names it where it is', async () => {
    const line = "cd /tmp && printf 'jobs: [a, b]\\ndags: [1 >> 2, 2 >> 1]\\n' > c.yaml && jupyterflow run -f c.yaml";
    const { output, exitCode } = await inTerminal(await login('ola'), line);
    expect(output).toContain('c.yaml:2:');
    expect(output).toContain('job-1 >> job-2 >> job-1');
    expect(exitCode).toBe(3);
  });
});

test.describe('npm start refuses what it can not do', () => {
  let state: string;
  test.beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'jupyterflow-'));
  });
  test.afterAll(() => rm(state, { recursive: true }));
  const start = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['hub/bin/start.mjs', ...args], { cwd: root, encoding: 'utf8' });

  test('a port that is in use', async () => {
    const { port } = new URL((await machine()).url);
    const { status, stderr } = start('--port', port, '--state', state);
    expect(stderr).toContain(`PORT_IN_USE: port ${port}, needed for the web page, is in use by another program.`);
    expect(status).toBe(1);
  });

  test('a state folder that another start is using', async () => {
    const { status, stderr } = start('--port', '18190', '--state', (await machine()).state);
    expect(stderr).toContain('STATE_IN_USE: another start');
    expect(status).toBe(1);
  });

  for (const args of [['--port', 'http'], ['--port', '80'], ['--wrong']])
    test(`${args.join(' ')}: the usage, and exit 2`, () => {
      const { status, stderr } = start(...args, '--state', state);
      expect(stderr).toContain('npm start -- [options]');
      expect(status).toBe(2);
    });
});
