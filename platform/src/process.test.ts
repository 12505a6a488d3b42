import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Lease, Run } from '@jupyterflow/schema';
import { Fences } from './storage/fences.js';
import { describeWithPostgres } from './testing/databases.js';
import { PostgresServer } from './testing/postgres.js';
import { FakeHub, PlatformProcess } from './testing/process.js';

let hub: FakeHub;
let platform: PlatformProcess;
beforeAll(async () => {
  hub = await FakeHub.open();
  platform = await PlatformProcess.open(hub, { JUPYTERHUB_API_TOKEN: 'planted-service-token' });
}, 60_000);
afterAll(async () => {
  await platform.remove();
  await hub.close();
});

const draft = { title: 'Penguins', storage: { kind: 'directory', path: 'penguins' } };

async function publishAndLease(): Promise<{ dataset: Dataset; lease: Lease }> {
  const dataset = await platform.json<Dataset>('stina', 'POST', 'datasets', draft);
  const lease = await platform.json<Lease>('kari', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'teaching' });
  return { dataset, lease };
}

/** A run that goes on until it is ended, and has begun. */
async function goingRun(dataset: string): Promise<Run> {
  const source = `jobs:\n- command: sh -c "echo begun; exec sleep 600"\n  volumes:\n  - {id: ${dataset}, path: /home/jovyan/penguins}\n`;
  const run = await platform.json<Run>('kari', 'POST', 'runs', { source, workspace: '/home/jovyan/work' });
  const log = await platform.call('kari', 'GET', `api/v1/runs/${run.id}/jobs/job-1/log?follow=true`);
  const reader = log.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  return run;
}

test('kill -9 while a run is going: nothing that was acknowledged is lost, and the run ends as Error', async () => {
  const { dataset, lease } = await publishAndLease();
  const run = await goingRun(dataset.id);
  await platform.end('SIGKILL');
  await platform.start();
  expect(await platform.json<Dataset>('kari', 'GET', `datasets/${dataset.id}`)).toEqual({
    ...dataset,
    availability: 'yours',
    lease
  });
  expect(await platform.json<Lease>('kari', 'GET', `leases/${lease.id}`)).toEqual(lease);
  expect(await platform.json<Run>('kari', 'GET', `runs/${run.id}`)).toMatchObject({
    state: 'Error',
    reason: 'the engine stopped while the run was going',
    leases: [lease.id]
  });
  expect(await (await platform.call('kari', 'GET', `api/v1/runs/${run.id}/jobs/job-1/log`)).text()).toBe('begun\n');
}, 120_000);

test('SIGTERM ends the runs that are going, and says so', async () => {
  const { dataset } = await publishAndLease();
  const run = await goingRun(dataset.id);
  expect(await platform.end('SIGTERM')).toBe(0);
  await platform.start();
  expect(await platform.json<Run>('kari', 'GET', `runs/${run.id}`)).toMatchObject({
    state: 'Error',
    reason: 'the platform was stopped'
  });
}, 120_000);

test('that was paused while the dataset passed to another mounts nothing for the old lease when it comes back', async () => {
  const { dataset, lease } = await publishAndLease();
  //  job-1 (waits for the file) -> job-2 (mounts)
  const source =
    'jobs:\n- sh -c "echo begun; until test -e go; do sleep 0.1; done"\n' +
    `- command: ls /data\n  volumes:\n  - {id: ${dataset.id}, path: /data}\ndags: job-1 >> job-2\n`;
  const run = await platform.json<Run>('kari', 'POST', 'runs', { source, workspace: '/home/jovyan/work' });
  const log = (job: string) => platform.call('kari', 'GET', `api/v1/runs/${run.id}/jobs/${job}/log?follow=true`);
  const reader = (await log('job-1')).body?.getReader();
  await reader?.read();
  await reader?.cancel();

  platform.child.kill('SIGSTOP');
  const other = new Fences(join(platform.state, 'fences'));
  await other.raise(dataset.id, { fencing: lease.fencing + 1, leases: ['ls_another'] });
  await writeFile(join(platform.state, 'homes/kari/work/go'), '');
  platform.child.kill('SIGCONT');

  expect(await (await log('job-2')).text()).toBe('');
  expect(await platform.json<Run>('kari', 'GET', `runs/${run.id}`)).toMatchObject({
    jobs: [
      { name: 'job-1', phase: 'Succeeded' },
      {
        name: 'job-2',
        attempts: 0,
        reason: `FENCED: lease ${lease.id} is over: it has grant 1 of dataset ${dataset.id}, and grant 2 was seen here`
      }
    ]
  });
}, 120_000);

/** Resolves when there is something in a folder by this name, or by any. */
async function appears(folder: string, name?: string): Promise<void> {
  const watcher = watch(folder);
  try {
    for (;;) {
      const changed = once(watcher, 'change');
      const names = await readdir(folder);
      if (name === undefined ? names.length > 0 : names.includes(name)) return;
      await changed;
    }
  } finally {
    watcher.close();
  }
}

/** Starts the platform without a database, and kills it when the first files of one are there. */
async function killWhileTheDatabaseIsMade(): Promise<void> {
  const started = expect(platform.start()).rejects.toThrow('it ended with SIGKILL');
  await appears(platform.state, 'db');
  await appears(join(platform.state, 'db'));
  await platform.end('SIGKILL');
  await started;
  expect(await readdir(platform.state)).toContain('db.unfinished');
}

test.each(['deleted', 'damaged', 'half-made'] as const)(
  'a %s database is made anew from the ledger',
  async how => {
    const { dataset, lease } = await publishAndLease();
    await platform.end('SIGTERM');
    const folder = join(platform.state, 'db');
    if (how === 'damaged') await writeFile(join(folder, 'global', 'pg_control'), 'nothing that PostgreSQL wrote');
    else await rm(folder, { recursive: true });
    if (how === 'half-made') await killWhileTheDatabaseIsMade();
    await platform.start();
    expect(await platform.json<Dataset>('kari', 'GET', `datasets/${dataset.id}`)).toEqual({
      ...dataset,
      availability: 'yours',
      lease
    });
    const run = await goingRun(dataset.id);
    expect(run.leases).toEqual([lease.id]);
    expect(await readdir(platform.state)).not.toContain('db.unfinished');
  },
  120_000
);

test('no secret is in an answer, a log, a process argument, the database, the ledger or a folder of runs', async () => {
  const secrets = [
    'penguins-at-a-secret-place',
    'planted-service-token',
    'token-kari',
    'token-stina',
    'planted-in-the-source'
  ];
  const place = join(platform.state, 'data', 'uis', 'penguins-at-a-secret-place');
  await mkdir(place);
  const answers: string[] = [];
  const say = async (who: 'stina' | 'kari', method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await platform.call(who, method, path, body);
    const text = await answer.text();
    answers.push(text, JSON.stringify([...answer.headers]));
    return text;
  };
  const storage = { kind: 'directory', path: 'penguins-at-a-secret-place' };
  const dataset = JSON.parse(await say('stina', 'POST', 'api/v1/datasets', { title: 'Penguins', storage })) as Dataset;
  await say('stina', 'POST', 'api/v1/datasets', {
    title: 'Penguins',
    storage: { ...storage, path: 'penguins-at-a-secret-place/../x' }
  });
  await say('stina', 'POST', 'api/v1/datasets', {
    title: 'Penguins',
    storage: { ...storage, more: 'penguins-at-a-secret-place' }
  });
  await platform.json<Lease>('kari', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'teaching' });
  const source = `env: {PASSWORD: planted-in-the-source}\njobs:\n- command: sh -c "echo begun; exec sleep 600"\n  volumes:\n  - {id: ${dataset.id}, path: /home/jovyan/penguins}\n`;
  const run = JSON.parse(await say('kari', 'POST', 'api/v1/runs', { source, workspace: '/home/jovyan/work' })) as Run;
  const log = await platform.call('kari', 'GET', `api/v1/runs/${run.id}/jobs/job-1/log?follow=true`);
  await log.body?.getReader().read();
  const processes = await processArguments();
  expect(processes).toContain('bwrap');
  for (const path of [
    'me',
    'datasets',
    `datasets/${dataset.id}`,
    'leases',
    'runs',
    `runs/${run.id}`,
    'nothing?token=token-kari'
  ]) {
    await say('kari', 'GET', `api/v1/${path}`);
  }
  await say('kari', 'GET', 'openapi.json');
  await platform.end('SIGTERM');

  const places = new Map([
    ['answers', answers.join('\n')],
    ['output', platform.output],
    ['process arguments', processes],
    ...(await Promise.all(
      ['ledger', 'vault', 'db', 'runs', 'homes'].map(
        async name => [name, await contents(join(platform.state, name))] as const
      )
    ))
  ]);
  const found = [...places].flatMap(([where, text]) =>
    secrets.filter(secret => text.includes(secret)).map(secret => `${where}: ${secret}`)
  );
  expect(found).toEqual([]);
  expect(places.get('ledger')).toContain('Penguins');
}, 120_000);

test('what the platform keeps can be read by nobody else', async () => {
  const open: string[] = [];
  for (const name of ['vault', 'ledger', 'runs', 'db']) {
    if (((await stat(join(platform.state, name))).mode & 0o077) !== 0) open.push(name);
  }
  for (const file of await readdir(join(platform.state, 'vault'), { recursive: true })) {
    if (((await stat(join(platform.state, 'vault', file))).mode & 0o077) !== 0) open.push(file);
  }
  expect(open).toEqual([]);
}, 60_000);

describeWithPostgres('with the PostgreSQL server that DATABASE_URL names', () => {
  let server: PostgresServer;
  let other: PlatformProcess;
  beforeAll(async () => {
    server = await PostgresServer.open();
    const url = (await server.database()).replace('platform@', 'platform:planted-password@');
    other = await PlatformProcess.open(hub, { DATABASE_URL: url });
  }, 60_000);
  afterAll(async () => {
    await other.remove();
    await server.close();
  });

  test('kill -9 loses nothing that was acknowledged', async () => {
    const dataset = await other.json<Dataset>('stina', 'POST', 'datasets', draft);
    await other.end('SIGKILL');
    await other.start();
    expect(await other.json<Dataset>('stina', 'GET', `datasets/${dataset.id}`)).toEqual(dataset);
    expect(await readdir(other.state)).not.toContain('db');
  }, 60_000);

  test('the platform is not ready while the server is away, and goes on when it is back', async () => {
    await server.stop();
    expect((await other.call(null, 'GET', 'readyz')).status).toBe(503);
    await server.start();
    expect((await other.call(null, 'GET', 'readyz')).status).toBe(200);
    const dataset = await other.json<Dataset>('stina', 'POST', 'datasets', draft);
    expect(await other.json<Dataset>('stina', 'GET', `datasets/${dataset.id}`)).toEqual(dataset);
  }, 60_000);

  test('a start without the server ends, and the password is in no output', async () => {
    await other.end('SIGTERM');
    await server.stop();
    await expect(other.start()).rejects.toThrow('it ended with 1');
    expect(other.output).toContain('jupyterflow-platform: connect ENOENT');
    expect(other.output).not.toContain('planted-password');
  }, 60_000);
});

/** All files below a folder, as text. */
async function contents(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter(one => one.isFile()).map(one => join(one.parentPath, one.name));
  return (await Promise.all(files.map(file => readFile(file, 'latin1')))).join('\n');
}

/** Arguments of all processes of this machine. */
async function processArguments(): Promise<string> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  // The platform's own state folder is named to it; a process that has just ended has none.
  return (await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')))).join('\n');
}
