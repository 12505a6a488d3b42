import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { people } from './people.js';
import { lockState, openState, passwords, type State } from './state.js';

let folder: string;
let state: State;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
  state = await openState(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('the state folder holds a folder a part, each for its owner alone', async () => {
  expect((await readdir(folder)).sort()).toEqual(['data', 'db', 'homes', 'hub', 'ledger', 'logs', 'runs', 'vault']);
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o700);
});

test('everyone has a password of their own, kept over starts in a file for its owner alone', async () => {
  const first = await passwords(state, people);
  expect(new Set(first.values()).size).toBe(people.length);
  for (const password of first.values()) expect(password).toMatch(/^[\w-]{16}$/);
  expect(await passwords(state, people)).toEqual(first);
  expect((await stat(join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
});

test('someone who is no longer there loses their password, someone new gets one', async () => {
  const [kari, ola] = [people[0]!, people[3]!];
  await passwords(state, [kari]);
  expect([...(await passwords(state, [ola])).keys()]).toEqual(['ola']);
});

test('the mark of a start that is gone does not keep the state folder', async () => {
  await writeFile(join(folder, 'hub', 'start.pid'), '4194303\n');
  const unlock = await lockState(state);
  expect(await readFile(join(folder, 'hub', 'start.pid'), 'utf8')).toBe(`${process.pid}\n`);
  await unlock();
  expect(await readdir(join(folder, 'hub'))).toEqual([]);
});
