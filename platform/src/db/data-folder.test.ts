import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyDataFolder, prepareDataFolder } from './data-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('is prepared once, and is then what new databases begin with', async () => {
  const file = join(folder, 'database.tar');
  await prepareDataFolder(file);
  const first = await stat(file);
  await prepareDataFolder(file);
  expect((await stat(file)).mtimeMs).toBe(first.mtimeMs);
  expect(await readdir(folder)).toEqual(['database.tar']);
  expect(Buffer.from(await (await emptyDataFolder(file)).arrayBuffer()).equals(await readFile(file))).toBe(true);
}, 60_000);

test('that was not prepared is made when it is needed', async () => {
  const made = await emptyDataFolder(join(folder, 'missing.tar'));
  expect(Buffer.from(await made.arrayBuffer()).includes('/PG_VERSION')).toBe(true);
  expect(await readdir(folder)).toEqual([]);
}, 60_000);

test('whose preparation fails leaves nothing behind', async () => {
  const file = join(folder, 'a-file', 'database.tar');
  await writeFile(join(folder, 'a-file'), '');
  await expect(prepareDataFolder(file)).rejects.toThrow('ENOTDIR');
  expect(await readdir(folder)).toEqual(['a-file']);
}, 60_000);
