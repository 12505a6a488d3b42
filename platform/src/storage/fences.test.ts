import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fences, isFencedOff, type Fence } from './fences.js';

describe('by the last grant that was seen, a lease is over', () => {
  const exclusive: Fence = { fencing: 7, leases: ['ls_7'] };
  const shared: Fence = { fencing: 7, leases: ['ls_2', 'ls_7'] };
  test.each<[string, string, number, Fence | undefined, boolean]>([
    ['the first one that is seen here', 'ls_1', 1, undefined, false],
    ['a later one than the last', 'ls_8', 8, exclusive, false],
    ['the last one', 'ls_7', 7, exclusive, false],
    ['an older one of an exclusive dataset', 'ls_6', 6, exclusive, true],
    ['an older one of a shared dataset that is beside the last', 'ls_2', 2, shared, false],
    ['an older one of a shared dataset that is not', 'ls_6', 6, shared, true],
    ['one with the number of the last, from another history', 'ls_x', 7, shared, true]
  ])('%s', (_what, lease, fencing, fence, over) => {
    expect(isFencedOff({ dataset: 'ds_1', lease, fencing }, fence)).toBe(over);
  });
});

describe('the place that mounts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fences-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const first = { dataset: 'ds_1', lease: 'ls_1', fencing: 1 };
  const second = { dataset: 'ds_1', lease: 'ls_2', fencing: 2 };

  test('refuses a holder that comes back after a later grant was mounted by another process', async () => {
    const [paused, other] = [new Fences(folder), new Fences(folder)];
    await paused.raise('ds_1', { fencing: 1, leases: ['ls_1'] });
    expect(paused.problem(first)).toBeUndefined();
    await other.raise('ds_1', { fencing: 2, leases: ['ls_2'] });
    expect(paused.problem(first)).toBe('lease ls_1 is over: it has grant 1 of dataset ds_1, and grant 2 was seen here');
    expect(other.problem(second)).toBeUndefined();
    expect(other.problem({ ...first, dataset: 'ds_2' })).toBeUndefined();
  });

  test('takes nothing back when a late process remembers an older grant', async () => {
    const fences = new Fences(folder);
    await fences.raise('ds_1', { fencing: 2, leases: ['ls_2'] });
    await fences.raise('ds_1', { fencing: 1, leases: ['ls_1'] });
    // What a process writes that slept between looking and writing.
    await writeFile(join(folder, 'ds_1', '0000000000000001.json'), '{"leases":["ls_1"]}');
    expect(fences.last('ds_1')).toEqual({ fencing: 2, leases: ['ls_2'] });
    expect(fences.problem(first)).toBeDefined();
  });

  test('keeps one file a dataset, whoever raises it at the same time', async () => {
    const all = [new Fences(folder), new Fences(folder)];
    await Promise.all(
      [3, 1, 2, 3, 2].flatMap(fencing =>
        all.map(fences => fences.raise('ds_1', { fencing, leases: [`ls_${fencing}`] }))
      )
    );
    await all[0]?.raise('ds_1', { fencing: 4, leases: ['ls_3', 'ls_4'] });
    expect(await readdir(join(folder, 'ds_1'))).toEqual(['0000000000000004.json']);
    expect(all[1]?.last('ds_1')).toEqual({ fencing: 4, leases: ['ls_3', 'ls_4'] });
  });

  test('says nothing good of a grant when what it remembers can not be read', async () => {
    await mkdir(join(folder, 'ds_1'));
    await writeFile(join(folder, 'ds_1', '0000000000000002.json'), '{"lea');
    expect(() => new Fences(folder).problem(first)).toThrow();
  });
});
