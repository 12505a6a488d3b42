import stringWidth from 'string-width';
import fc from 'fast-check';
import type { RunView } from '../backend.js';
import { phaseOf, type Phase } from './branches.js';
import { drawTree, type TreeOptions } from './tree.js';

const NOW = Date.parse('2026-01-01T10:00:12.300Z');
const at = (second: number): string => `2026-01-01T10:00:${String(second).padStart(2, '0')}.000Z`;

type Job = RunView['jobs'][number];
const job = (name: string, phase: Phase, more: Partial<Job> = {}): Job => ({
  name,
  phase,
  attempts: phase === 'Pending' ? 0 : 1,
  dependsOn: [],
  ...(phase === 'Pending' || phase === 'Omitted' ? {} : { startedAt: at(2) }),
  ...(phase === 'Succeeded' || phase === 'Failed' ? { finishedAt: at(5) } : {}),
  ...more
});
const run = (...jobs: readonly Job[]): RunView => ({
  id: 'run_1',
  name: 'demo-x7k2p',
  workflow: 'demo',
  engine: 'local',
  state: 'Running',
  startedAt: at(0),
  workspace: '/home/jovyan',
  leases: [],
  jobs: [...jobs],
  links: {},
  sourceDigest: ''
});
const options: TreeOptions = { columns: 80, rows: 24, color: false, unicode: true, now: NOW };
const drawn = (of: RunView, change: Partial<TreeOptions> = {}): string =>
  drawTree(of, { ...options, ...change }).join('\n');

const MIXED = run(
  job('list', 'Succeeded'),
  job('train-0', 'Succeeded', { group: 'train' }),
  job('train-1', 'Running', { group: 'train', attempts: 2 }),
  job('train-2', 'Pending', { group: 'train' }),
  job('test', 'Failed', { exitCode: 3, reason: 'exited with\ncode 3\u001b[2J' }),
  job('total', 'Omitted')
);

test('a tree of jobs and their copies', () => {
  expect(drawn(MIXED)).toBe(`\
demo-x7k2p  Running  12.3 s  2/6
├─ ✔ list        Succeeded  3.0 s
├─ ● train       Running    10.3 s  1/3
│  ├─ ✔ train-0  Succeeded  3.0 s
│  ├─ ● train-1  Running    10.3 s  attempt 2
│  └─ ○ train-2  Pending
├─ ✖ test        Failed     3.0 s   exited with code 3\uFFFD[2J
└─ – total       Omitted`);
});

test('a terminal of ASCII', () => {
  expect(drawn(run(job('a-0', 'Running', { group: 'a' }), job('a-1', 'Pending', { group: 'a' })), { unicode: false }))
    .toBe(`\
demo-x7k2p  Running  12.3 s  0/2
\`- * a       Running    10.3 s  0/2
   |- * a-0  Running    10.3 s
   \`- . a-1  Pending`);
});

test('a narrow terminal cuts names and reasons', () => {
  expect(drawn(MIXED, { columns: 40 })).toBe(`\
demo-x7k2p  Running  12.3 s  2/6
├─ ✔ list        Succeeded  3.0 s
├─ ● train       Running    10.3 s  1/3
│  ├─ ✔ train-0  Succeeded  3.0 s
│  ├─ ● train-1  Running    10.3 s  at…
│  └─ ○ train-2  Pending
├─ ✖ test        Failed     3.0 s   ex…
└─ – total       Omitted`);
});

test('copies that are no news are the first to be left out', () => {
  expect(drawn(MIXED, { rows: 9 - 1 })).toBe(`\
demo-x7k2p  Running  12.3 s  2/6
├─ ✔ list        Succeeded  3.0 s
├─ ● train       Running    10.3 s  1/3
│  └─ ● train-1  Running    10.3 s  attempt 2
├─ ✖ test        Failed     3.0 s   exited with code 3\uFFFD[2J
└─ – total       Omitted`);
});

test('of many jobs those that failed and those that are going stay, and the others are counted', () => {
  const many = run(
    ...Array.from({ length: 50 }, (_, i) => job(`done-${i}`, 'Succeeded')),
    job('bad', 'Failed'),
    job('going', 'Running'),
    ...Array.from({ length: 30 }, (_, i) => job(`waits-${i}`, 'Pending'))
  );
  expect(drawn(many, { rows: 6 })).toBe(`\
demo-x7k2p  Running  12.3 s  50/82
├─ ✖ bad      Failed     3.0 s
├─ ● going    Running    10.3 s
├─ ○ waits-0  Pending
└─ … 50 Succeeded, 29 Pending`);
});

test('colours are of states', () => {
  expect(drawn(run(job('a', 'Failed')), { color: true }).split('\n')[1]).toBe(
    '└─ \u001b[31m✖\u001b[0m a  \u001b[31mFailed   \u001b[0m  3.0 s'
  );
});

test.each<[Phase[], Phase]>([
  [['Pending', 'Pending'], 'Pending'],
  [['Succeeded', 'Pending'], 'Running'],
  [['Failed', 'Running'], 'Running'],
  [['Succeeded', 'Failed', 'Error'], 'Error'],
  [['Succeeded', 'Skipped'], 'Succeeded'],
  [['Skipped', 'Skipped'], 'Skipped'],
  [['Omitted', 'Succeeded'], 'Omitted']
])('copies that are %j are together %s', (phases, phase) => {
  expect(phaseOf(phases)).toBe(phase);
});

test('whatever the run, the tree fits into the terminal', () => {
  const phase = fc.constantFrom<Phase>('Pending', 'Running', 'Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted');
  const jobs = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 60 }), phase, fc.string(), fc.nat(3)), {
    maxLength: 60
  });
  fc.assert(
    fc.property(jobs, fc.integer({ min: 10, max: 120 }), fc.integer({ min: 5, max: 50 }), (list, columns, rows) => {
      const all = list.map(([name, state, reason, group], i) =>
        job(`${name}-${i}`, state, { reason, ...(group === 0 ? {} : { group: `g${group}` }) })
      );
      const lines = drawTree(run(...all), { ...options, columns, rows });
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
    })
  );
});
