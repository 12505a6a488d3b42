import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { scratchFolder } from '../scenario.js';
import { takeLock } from './lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await scratchFolder();
  path = join(folder, 'lock.another');
});
afterEach(() => rm(folder, { recursive: true }));

/** What this process writes into its lock. */
async function own(): Promise<Record<string, unknown>> {
  const unlock = await takeLock(folder);
  const text = await readFile(join(folder, await onlyFile()), 'utf8');
  await unlock();
  return JSON.parse(text) as Record<string, unknown>;
}

async function onlyFile(): Promise<string> {
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  return files[0]!;
}

test('a folder has one writer, and the next when that one lets go', async () => {
  const unlock = await takeLock(folder);
  const lock = join(folder, await onlyFile());
  await expect(takeLock(folder)).rejects.toMatchObject({
    code: 'LOCKED',
    message:
      `The ledger in ${folder} is being written by process ${process.pid} on ${hostname()}. Stop that process first, ` +
      `or use another folder. If that host is gone for good, remove ${lock}.`
  });
  await unlock();
  const again = await takeLock(folder);
  await again();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['that the system does not keep locked any more', {}],
  [
    'of another container of this machine that the system does not keep locked any more',
    { pids: 'pid:[1]', host: 'b' }
  ],
  ['whose process is gone', { held: false, pid: 2 ** 22 + 1 }],
  ['whose number another process has now', { held: false, started: '1' }],
  ['from before the last boot', { boot: 'another' }]
])('a lock %s is taken over', async (_what, change) => {
  await writeFile(path, JSON.stringify({ ...(await own()), ...change }));
  const unlock = await takeLock(folder);
  expect(JSON.parse(await readFile(join(folder, await onlyFile()), 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['of another machine', { host: 'another', boot: 'another' }],
  ['of another container of this machine, which the system did not lock', { held: false, pids: 'pid:[1]' }],
  ['of another host name, which the system did not lock', { held: false, host: 'another' }],
  ['that is damaged', undefined]
])('a lock %s is respected: nobody can tell whether its process lives', async (_what, change) => {
  const text = change === undefined ? '{' : JSON.stringify({ ...(await own()), ...change });
  await writeFile(path, text);
  await expect(takeLock(folder)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a lock of another container of this machine is respected for as long as its process lives', async () => {
  await writeFile(path, JSON.stringify({ ...(await own()), pids: 'pid:[1]', pid: 2 ** 22 + 1 }));
  const holder = spawn('flock', ['-x', path, 'sh', '-c', 'echo locked; cat']);
  await once(holder.stdout, 'data');
  await expect(takeLock(folder)).rejects.toMatchObject({ code: 'LOCKED' });
  holder.stdin.end();
  await once(holder, 'close');
  const unlock = await takeLock(folder);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test('of many who ask at once at most one gets it, and nobody is left out for ever', async () => {
  await writeFile(path, JSON.stringify({ ...(await own()), held: false, started: '1' }));
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
  const got = answers.filter(answer => answer.status === 'fulfilled');
  expect(got.length).toBeLessThanOrEqual(1);
  await Promise.all(got.map(({ value }) => value()));
  const unlock = await takeLock(folder);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});
