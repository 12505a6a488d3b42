import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { EngineJob, EngineRun } from '../engine.js';
import { Journal, readJournal, type RunChange, type RunRecord } from './journal.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-journal-'));
  path = join(folder, 'journal.jsonl');
});

afterEach(() => rm(folder, { recursive: true }));

const job = (name: string, more: Partial<EngineJob> = {}): EngineJob => ({
  name,
  phase: 'Pending',
  attempts: 0,
  dependsOn: name === 'b' ? ['a'] : [],
  ...more
});
const begun: EngineRun = { id: 'run-1', state: 'Pending', startedAt: 1, jobs: [job('a'), job('b', { group: 'g' })] };
const process = { pid: 7, startTime: '8', boot: 'x', group: true };
const changes: readonly RunChange[] = [
  { state: 'Running', jobs: [job('a', { phase: 'Running', attempts: 1 })], processes: [] },
  { state: 'Running', jobs: [], processes: [['a', [process]]] },
  { state: 'Running', jobs: [job('a', { phase: 'Succeeded', attempts: 1, outputs: { x: '1\n2' } })], processes: [] },
  { state: 'Running', all: [job('a', { phase: 'Succeeded' }), job('b-0'), job('b-1')], jobs: [], processes: [] },
  { state: 'Failed', reason: 'why', finishedAt: 9, jobs: [job('b-1', { phase: 'Failed' })], processes: [] }
];

/** What a journal should come to after so many changes. */
const states: readonly RunRecord[] = [
  { run: begun, processes: [] },
  { run: { ...begun, state: 'Running', jobs: [...changes[0]!.jobs, begun.jobs[1]!] }, processes: [] },
  { run: { ...begun, state: 'Running', jobs: [...changes[0]!.jobs, begun.jobs[1]!] }, processes: [process] },
  { run: { ...begun, state: 'Running', jobs: [...changes[2]!.jobs, begun.jobs[1]!] }, processes: [] },
  { run: { ...begun, state: 'Running', jobs: changes[3]!.all! }, processes: [] },
  {
    run: {
      ...begun,
      state: 'Failed',
      reason: 'why',
      finishedAt: 9,
      jobs: [job('a', { phase: 'Succeeded' }), job('b-0'), job('b-1', { phase: 'Failed' })]
    },
    processes: []
  }
];

test('a run is what its changes come to, one after the other', async () => {
  const journal = await Journal.create(path, { run: begun });
  expect(await readJournal(path)).toEqual(states[0]);
  for (const [place, change] of changes.entries()) {
    await journal.write(change);
    expect(await readJournal(path)).toEqual(states[place + 1]);
  }
  await journal.close();
});

test('of a journal that was cut anywhere, what was written before is kept, and it goes on from there', async () => {
  const journal = await Journal.create(path, { run: begun });
  for (const change of changes) await journal.write(change);
  await journal.close();
  const whole = await readFile(path);
  const ends = [...whole.keys()].filter(at => whole[at] === 0x0a);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.constantFrom('', '\0\0\0', '{"jobs":[', 'ü'), async (cut, garbage) => {
      await writeFile(path, whole);
      await truncate(path, cut);
      await appendFile(path, garbage);
      const kept = ends.filter(end => end < cut).length;
      expect(await readJournal(path)).toEqual(states[kept - 1]);
      if (kept === 0) return;
      const resumed = await Journal.resume(path);
      const { run } = states[kept - 1]!;
      const last: RunChange = { state: 'Error', finishedAt: 10, jobs: [run.jobs[0]!], processes: [] };
      await resumed.write(last);
      await resumed.close();
      expect((await readJournal(path))!.run).toMatchObject({ state: 'Error', finishedAt: 10, jobs: run.jobs });
    }),
    { numRuns: 200 }
  );
});

test('a second journal is not begun over a first one', async () => {
  await (await Journal.create(path, { run: begun })).close();
  await expect(Journal.create(path, { run: begun })).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a line that is no change is said', async () => {
  await writeFile(path, '{"jobs":[],"processes":[],"state":"Running"}\n');
  await expect(readJournal(path)).rejects.toThrow('the journal does not begin with its run');
  await writeFile(
    path,
    `${JSON.stringify({ run: begun })}\n${JSON.stringify({ jobs: [{ name: 'x' }], processes: [] })}\n`
  );
  await expect(readJournal(path)).rejects.toThrow('the journal does not know the job x');
});

test('there is none where none was begun', async () => {
  expect(await readJournal(path)).toBeUndefined();
});
