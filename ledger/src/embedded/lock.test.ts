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
  ['whose process is gone', { pid: 2 ** 22 + 1 }],
  ['whose number another process has now', { started: '1' }],
  ['from before the last boot', { boot: 'another' }]
])('a lock %s is taken over', async (_what, change) => {
  await writeFile(path, JSON.stringify({ ...(await own()), ...change }));
  const unlock = await takeLock(folder);
  expect(JSON.parse(await readFile(join(folder, await onlyFile()), 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['of another host', { host: 'another' }],
  ['that is damaged', undefined]
])('a lock %s is respected: nobody can tell whether its process lives', async (_what, change) => {
  const text = change === undefined ? '{' : JSON.stringify({ ...(await own()), ...change });
  await writeFile(path, text);
  await expect(takeLock(folder)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('of many who ask at once at most one gets it, and nobody is left out for ever', async () => {
  await writeFile(path, JSON.stringify({ ...(await own()), started: '1' }));
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
  const got = answers.filter(answer => answer.status === 'fulfilled');
  expect(got.length).toBeLessThanOrEqual(1);
  await Promise.all(got.map(({ value }) => value()));
  const unlock = await takeLock(folder);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});
