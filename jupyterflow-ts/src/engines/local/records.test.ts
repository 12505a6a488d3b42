import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, logOf, planOf, waitFor } from '../conformance.js';
import type { Submission } from '../engine.js';
import { openLocalEngine, type LocalEngineOptions } from './index.js';
import { lockFolder } from './lock.js';
import { identify } from './processes.js';
import { isRunId, readRecord } from './records.js';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'engine-records-'));
  folder = join(root, 'runs');
  await mkdir(join(root, 'home'));
});

afterEach(() => rm(root, { recursive: true }));

function submission(id: string, sh: string): Submission {
  const home = { hostPath: join(root, 'home'), mountPath: '/home/jovyan', workspace: '' };
  return { id, plan: planOf([{ name: 'a', sh }]), home, mounts: new Map() };
}

function open(more: Partial<LocalEngineOptions> = {}): ReturnType<typeof openLocalEngine> {
  return openLocalEngine({ folder, sandbox: 'none', ...more });
}

test('a run is on disk before its submission is acknowledged', async () => {
  const engine = await open();
  const run = await engine.submit(submission('run-1', 'true'));
  const record = await readRecord(join(folder, 'run-1'));
  expect(record?.run).toMatchObject({ id: 'run-1', startedAt: run.startedAt });
  await engine.close('the test is over');
});

test('the last state of a run is on disk before it is shown', async () => {
  const engine = await open();
  await engine.submit(submission('run-1', 'exit 3'));
  const run = await finished(engine, 'run-1');
  expect(await readRecord(join(folder, 'run-1'))).toEqual({
    run,
    processes: [],
    digests: { a: expect.any(String) as string }
  });
  await engine.close('the test is over');
});

test('finished runs are there again after a restart, oldest first, with their logs', async () => {
  const engine = await open();
  for (const id of ['run-2', 'run-1']) {
    await engine.submit(submission(id, `echo of ${id}`));
    await finished(engine, id);
  }
  const runs = await engine.list();
  await engine.close('the test is over');
  const again = await open();
  expect(await again.list()).toEqual(runs);
  expect(await logOf(again, 'run-1', 'a')).toBe('of run-1\n');
  await again.close('the test is over');
});

test('close ends every run with its reason and refuses further ones', async () => {
  const engine = await open({ slots: 1 });
  await engine.submit(submission('run-1', waitFor('never')));
  await engine.submit(submission('run-2', 'true'));
  await engine.close('the platform is shutting down');
  const runs = await engine.list();
  expect(runs.map(({ state, reason }) => [state, reason])).toEqual(
    Array(2).fill(['Error', 'the platform is shutting down'])
  );
  await expect(engine.submit(submission('run-3', 'true'))).rejects.toThrow('the engine is closed');
  await expect(open().then(again => again.close(''))).resolves.toBeUndefined();
});

test('close waits for a submission that is on its way, and ends its run', async () => {
  const engine = await open();
  const submitted = engine.submit(submission('run-1', waitFor('never')));
  await engine.close('the platform is shutting down');
  const { id } = await submitted;
  expect(await engine.get(id)).toMatchObject({ state: 'Error', reason: 'the platform is shutting down' });
});

test('a run that was never acknowledged, and one that was being removed, are gone after a restart', async () => {
  await mkdir(join(folder, 'run-1', '.tmp'), { recursive: true });
  await mkdir(join(folder, '.removed-run-2', 'a'), { recursive: true });
  const engine = await open();
  expect(await engine.list()).toEqual([]);
  expect((await readdir(folder)).filter(name => name.includes('run'))).toEqual([]);
  await engine.close('the test is over');
});

test('a record that can not be read is said, and the folder is free again', async () => {
  await mkdir(join(folder, 'run-1'), { recursive: true });
  await writeFile(join(folder, 'run-1', 'run.json'), '{"run":');
  const message = `the run record ${join(folder, 'run-1', 'run.json')} can't be read; repair it or move its folder away`;
  await expect(open()).rejects.toThrow(message);
  await expect(open()).rejects.toThrow(message);
});

test('a record that was one file is read as before', async () => {
  const run = { id: 'run-1', state: 'Failed', startedAt: 5, finishedAt: 6, jobs: [] };
  await mkdir(join(folder, 'run-1'), { recursive: true });
  await writeFile(join(folder, 'run-1', 'run.json'), JSON.stringify({ run, processes: [] }));
  const engine = await open();
  expect(await engine.list()).toEqual([run]);
  await engine.close('the test is over');
});

test('no more jobs than there are places run at once, over all runs', async () => {
  const engine = await open({ slots: 1 });
  const alone = 'mkdir busy || exit 9; sleep 0.02; rmdir busy';
  const ids = ['run-1', 'run-2', 'run-3'];
  for (const id of ids) await engine.submit(submission(id, alone));
  for (const id of ids) expect((await finished(engine, id)).state).toBe('Succeeded');
  await engine.close('the test is over');
});

test('a read-only folder that does not exist is said at once', async () => {
  const missing = join(root, 'missing');
  await expect(open({ readOnly: [missing] })).rejects.toThrow(`the read-only folder ${missing} does not exist`);
});

describe('the lock of a folder', () => {
  test('is held until it is let go', async () => {
    const unlock = await lockFolder(root);
    await expect(lockFolder(root)).rejects.toThrow(`is used by another engine, process ${process.pid}`);
    await unlock();
    await (
      await lockFolder(root)
    )();
    expect(await readdir(root)).toEqual(['.lock-2', 'home']);
  });

  test.each([
    ['a process that has ended', async () => JSON.stringify({ ...(await identify(process.pid)), pid: 2 ** 22 + 1 })],
    [
      'a process whose number another one has now',
      async () => JSON.stringify({ ...(await identify(process.pid)), startTime: '1' })
    ],
    [
      'a start of the machine before this one',
      async () => JSON.stringify({ ...(await identify(process.pid)), boot: 'other' })
    ],
    ['nobody who can be made out', () => Promise.resolve('not a lock')]
  ])('of %s is taken over', async (_, lock) => {
    await writeFile(join(root, '.lock-7'), await lock());
    const unlock = await lockFolder(root);
    expect(JSON.parse(await readFile(join(root, '.lock-8'), 'utf8'))).toEqual(await identify(process.pid));
    await unlock();
  });

  test('goes to one of many who take over a dead one at once', async () => {
    await writeFile(join(root, '.lock-7'), JSON.stringify({ ...(await identify(process.pid)), startTime: '1' }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(root)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

test.each([
  ['run_abc123', true],
  ['a', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['.', false],
  ['..', false],
  ['.lock', false],
  ['a/b', false],
  ['a\0', false],
  ['a\n', false],
  ['ä', false]
])('%j is the id of a run: %s', (id, is) => {
  expect(isRunId(id)).toBe(is);
});
