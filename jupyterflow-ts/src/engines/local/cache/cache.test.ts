import { mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf, output, type JobDraft } from '../../conformance.js';
import type { Submission } from '../../engine.js';
import type { Plan } from '../../../plan/plan.js';
import { finished } from '../../conformance.js';
import { openLocalEngine, type LocalEngine } from '../index.js';
import { inputsOf } from './inputs.js';
import { keyOf, whatChanged, type Parts } from './key.js';
import { ResultStore, type Result } from './store.js';
import { openFolder } from './tree.js';

let root: string;
let work: string;
let engine: LocalEngine | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'engine-cache-'));
  work = join(root, 'home', 'work');
  await mkdir(work, { recursive: true });
});

afterEach(async () => {
  await engine?.close('the test is over');
  engine = undefined;
  await rm(root, { recursive: true });
});

const PARTS: Parts = {
  command: 'c',
  environment: 'e',
  image: 'i',
  folder: 'f',
  parameters: 'p',
  data: 'd',
  outputs: 'o',
  files: { 'a.csv': '1', 'b.csv': '2' },
  parents: { before: 'k' }
};
const RESULT: Result = {
  parts: PARTS,
  values: { score: '1' },
  files: [{ path: 'd/x', executable: true, content: Buffer.from([0, 255]) }]
};

describe('what changed', () => {
  test.each<[Partial<Parts>, string]>([
    [{ command: 'x' }, 'its command changed'],
    [{ command: 'x', image: 'y' }, 'its command and its image changed'],
    [{ files: { 'a.csv': '9', 'b.csv': '2' } }, 'a.csv changed'],
    [{ files: { 'a.csv': '1' } }, 'b.csv changed'],
    [{ files: { 'a.csv': '1', 'b.csv': '2', c: '' }, data: 'x' }, 'its data and c changed'],
    [{ parents: { before: 'other' } }, 'the result of before changed'],
    [{ files: { 1: '', 2: '', 3: '', 4: '', 5: '' } }, '1, 2, 3 and 4 more changed']
  ])('%j reads: %s', (change, words) => {
    expect(whatChanged(PARTS, { ...PARTS, ...change })).toBe(words);
    expect(keyOf({ ...PARTS, ...change })).not.toBe(keyOf(PARTS));
  });
});

describe('the content of declared files', () => {
  async function inputs(...declared: readonly string[]): Promise<readonly string[]> {
    const folder = await openFolder(work);
    const found = await inputsOf(folder, 'sub', declared).finally(() => folder.close());
    return Object.entries(found).map(([path, digest]) => `${path} ${digest.slice(0, 12)}`);
  }

  beforeEach(async () => {
    await mkdir(join(work, 'sub', 'in', 'deep'), { recursive: true });
    await writeFile(join(work, 'sub', 'in', 'b.csv'), 'b');
    await writeFile(join(work, 'sub', 'in', 'deep', 'a.csv'), 'a');
    await writeFile(join(work, 'sub', 'other.txt'), 'b');
    await symlink('/etc/passwd', join(work, 'sub', 'in', 'link'));
    await symlink('/etc', join(work, 'sub', 'etc'));
  });

  const A = 'sub/in/deep/a.csv ca978112ca1b';
  const B = 'sub/in/b.csv 3e23e8160039';
  const LINK = 'sub/in/link link /etc/pa';

  test.each([
    ['a file', ['in/b.csv'], [B]],
    ['a folder, with a link as what it is', ['in'], [B, A, LINK]],
    ['a pattern, in a fixed order', ['**/*.csv'], [B, A]],
    ['a file that is named twice', ['in/b.csv', 'in/*.csv'], [B]],
    ['a file that is not there', ['gone'], ['sub/gone none']],
    ['nothing that fits', ['*.parquet'], []],
    ['a file through a link, which is none', ['etc/passwd'], ['sub/etc/passwd none']]
  ])('%s', async (_, declared, expected) => {
    expect(await inputs(...declared)).toEqual(expected);
  });
});

describe('a result', () => {
  let store: ResultStore;
  beforeEach(() => (store = new ResultStore(join(root, 'results'))));

  test('is found again as it was', async () => {
    await store.put('key', RESULT, 5);
    expect(await store.find('key')).toEqual({ ...RESULT, at: 5 });
    expect(await store.find('other')).toBeUndefined();
  });

  test.each([
    ['whose file was cut', '0', (path: string) => truncate(path, 1)],
    ['whose file is gone', '0', (path: string) => rm(path)],
    [
      'whose entry was changed',
      'entry.json',
      async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('"1"', '"2"'))
    ],
    ['whose entry was cut', 'entry.json', (path: string) => truncate(path, 20)],
    ['whose entry is gone', 'entry.json', (path: string) => rm(path)]
  ])('%s is none, and goes', async (_, file, damage) => {
    await store.put('key', RESULT, 5);
    await damage(join(root, 'results', 'key', file));
    expect(await store.find('key')).toBeUndefined();
    expect(await readdir(join(root, 'results'))).toEqual([]);
  });

  test('that was not used for 30 days is cleaned away, one that was used stays', async () => {
    const now = Date.now();
    await store.put('old', RESULT, 5);
    await store.put('used', RESULT, 5);
    const long = new Date(now - 31 * 24 * 3600 * 1000);
    for (const key of ['old', 'used']) await utimes(join(root, 'results', key), long, long);
    await store.find('used');
    await store.clean(now);
    expect(await readdir(join(root, 'results'))).toEqual(['used']);
  });

  test('of two that put it at once is one', async () => {
    await Promise.all([store.put('key', RESULT, 5), store.put('key', RESULT, 5)]);
    expect(await store.find('key')).toEqual({ ...RESULT, at: 5 });
    expect(await readdir(join(root, 'results'))).toEqual(['key']);
  });
});

describe('what would become of each job', () => {
  function submission(plan: Plan, id = 'run-1'): Submission {
    const home = { hostPath: join(root, 'home'), mountPath: '/home/jovyan', workspace: 'work' };
    return { id, plan, home, mounts: new Map(), cacheScope: 'ann' };
  }

  async function explain(jobs: readonly JobDraft[], more: Partial<Plan> = {}): Promise<readonly string[]> {
    engine ??= await openLocalEngine({ folder: join(root, 'runs'), sandbox: 'none' });
    const forecasts = await engine.explain(submission(planOf(jobs, more)));
    return forecasts.map(({ name, fresh, reason }) =>
      `${name} ${fresh ? 'is fresh' : 'runs'}: ${reason}`.replace(/\d{4}-.*Z/, 'TIME')
    );
  }

  let count = 0;
  async function execute(jobs: readonly JobDraft[]): Promise<void> {
    engine ??= await openLocalEngine({ folder: join(root, 'runs'), sandbox: 'none' });
    const { id } = await engine.submit(submission(planOf(jobs), `run-${(count += 1)}`));
    expect((await finished(engine, id)).state).toBe('Succeeded');
  }

  /*
   *  a --> b --> c (no cache)
   */
  const jobs = (more: Partial<JobDraft> = {}): readonly JobDraft[] => [
    { name: 'a', sh: 'cat in.txt > out', outputs: { of: 'out' }, cache: { files: ['in.txt'] }, ...more },
    { name: 'b', argv: ['echo', [output('a', 'of')]], dependsOn: ['a'], cache: { files: [] } },
    { name: 'c', dependsOn: ['b'] }
  ];

  test('is said with why, before and after it ran, and after something changed', async () => {
    await writeFile(join(work, 'in.txt'), 'one');
    expect(await explain(jobs())).toEqual([
      'a runs: it has no result yet',
      'b runs: a runs first',
      'c runs: it has no cache'
    ]);
    await execute(jobs());
    expect(await explain(jobs())).toEqual([
      'a is fresh: nothing changed since TIME',
      'b is fresh: nothing changed since TIME',
      'c runs: it has no cache'
    ]);
    expect(await explain(jobs({ sh: 'cat in.txt in.txt > out' }))).toEqual([
      'a runs: its command changed',
      'b runs: a runs first',
      'c runs: it has no cache'
    ]);
    await writeFile(join(work, 'in.txt'), 'two');
    expect((await explain(jobs()))[0]).toBe('a runs: in.txt changed');
  });

  test('starts nothing and leaves nothing', async () => {
    await explain(jobs());
    expect([await engine!.list(), await readdir(work)]).toEqual([[], []]);
  });

  test('that depends on a condition, or runs in any case, is said too', async () => {
    const [onExit] = planOf([{ name: 'bye' }]).jobs;
    expect(
      await explain(
        [
          { name: 'a', when: { kind: '==', left: 1, right: 2 } },
          { name: 'b', cache: { files: [] }, dependsOn: ['a'] },
          { name: 'c', foreach: output('b', 'x'), cache: { files: [] }, dependsOn: ['b'] }
        ],
        { onExit: onExit! }
      )
    ).toEqual([
      'a is fresh: its condition is false',
      'b runs: it has no result yet',
      'c runs: its items are known only while the run goes',
      'bye runs: it always runs'
    ]);
  });

  test('of which an output was deleted is that it is written again', async () => {
    await writeFile(join(work, 'in.txt'), 'one');
    await execute(jobs());
    await rm(join(work, 'out'));
    await execute(jobs());
    expect(await readFile(join(work, 'out'), 'utf8')).toBe('one\n');
  });

  test('with data whose version is not known is that it runs', async () => {
    engine = await openLocalEngine({ folder: join(root, 'runs') });
    const plan = planOf([{ name: 'a', cache: { files: [] } }]);
    const mount = { hostPath: root, mountPath: '/data/x' };
    const reasonOf = async (version?: string): Promise<string | undefined> => {
      const mounts = new Map([['a', [version === undefined ? mount : { ...mount, version }]]]);
      return (await engine!.explain({ ...submission(plan), mounts }))[0]?.reason;
    };
    expect([await reasonOf(), await reasonOf('v1')]).toEqual([
      'whether the data at /data/x changed is not known',
      'it has no result yet'
    ]);
  });

  test('holds neither a command, nor an environment, nor a secret', async () => {
    engine = await openLocalEngine({ folder: join(root, 'runs'), sandbox: 'none' });
    const draft: JobDraft = {
      name: 'a',
      sh: 'echo planted-command',
      env: [
        { name: 'A', value: 'planted-value' },
        { name: 'B', value: { secret: 's', key: 'k' } }
      ],
      cache: { files: [] }
    };
    const secrets = () => Promise.resolve(new Map([['k', 'planted-secret']]));
    const { id } = await engine.submit({ ...submission(planOf([draft])), secrets });
    await finished(engine, id);
    const texts: string[] = [];
    for (const entry of await readdir(join(root, 'runs'), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !entry.name.endsWith('.log'))
        texts.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
    }
    expect(texts.some(text => text.includes('"parts"'))).toBe(true);
    expect(texts.join('\n')).not.toMatch(/planted/);
  });
});
