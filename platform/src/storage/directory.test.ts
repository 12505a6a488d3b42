import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError, resolveDirectory } from './directory.js';

let top: string;
let root: string;
beforeAll(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'storage-')));
  root = join(top, 'uis');
  await mkdir(join(root, 'penguins', 'raw'), { recursive: true });
  await mkdir(join(top, 'uis-other'));
  await mkdir(join(top, 'uib', 'chess'), { recursive: true });
  await writeFile(join(root, 'file.csv'), '');
  await symlink('../uib/chess', join(root, 'out'));
  await symlink('../../uib/chess', join(root, 'penguins', 'out'));
  await symlink('penguins', join(root, 'alias'));
});
afterAll(() => rm(top, { recursive: true }));

const resolve = (path: string, subPath?: string): Promise<string> =>
  resolveDirectory(root, { kind: 'directory', path }, subPath);

test.each([
  ['penguins', undefined, 'penguins'],
  ['penguins/', undefined, 'penguins'],
  ['penguins', '', 'penguins'],
  ['penguins', 'raw', 'penguins/raw'],
  ['alias', 'raw', 'penguins/raw']
])('%s, %s is the folder %s', async (path, subPath, folder) => {
  expect(await resolve(path, subPath)).toBe(join(root, folder));
});

test.each([
  '..',
  '../uib/chess',
  'penguins/../../uib/chess',
  'penguins/..',
  '/etc',
  '.',
  '',
  'penguins\0',
  'penguins\\..',
  'out',
  'file.csv',
  'missing',
  '../uis-other'
])('the path %j is refused, without saying it', async path => {
  const error = await resolve(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StorageError);
  if (path.length > 2) expect((error as Error).message).not.toContain(path);
});

test.each(['..', '../penguins', '/etc', 'out', 'missing', '.'])(
  'the folder %j inside the data is refused',
  async subPath => {
    await expect(resolve('penguins', subPath)).rejects.toThrow(StorageError);
  }
);

test('an organization without a data folder lends nothing', async () => {
  await expect(resolveDirectory(join(top, 'uio'), { kind: 'directory', path: 'x' })).rejects.toThrow(
    'Put the data there first.'
  );
});
