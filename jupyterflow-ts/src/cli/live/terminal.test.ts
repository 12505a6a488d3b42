import type { Run } from '@jupyterflow/schema';
import { CommandRig } from '../../testing/command.js';
import { FakePlatform } from '../../testing/platform.js';
import { noTerminal, runInTerminal, screenOf } from '../../testing/terminal.js';

const missing = noTerminal();
if (missing !== undefined) console.log(`the live view is not tried: ${missing}`);
const inTerminal = missing === undefined ? test : test.skip;

let rig: CommandRig;
let platform: FakePlatform;
beforeEach(async () => {
  rig = new CommandRig();
  platform = await FakePlatform.start();
  rig.env['JUPYTERFLOW_PLATFORM'] = platform.url;
  rig.write('workflow.yaml', 'jobs: [a, b]\n');
  platform.on('POST /runs', () => [201, RUN]);
});
afterEach(async () => {
  await platform.close();
  rig.dispose();
});

const AT = '2026-01-01T10:00:00.000Z';
const END = '2026-01-01T10:00:03.000Z';
const copy = (index: number, phase: Run['state'], done = true): Run['jobs'][number] => ({
  name: `train-${index}`,
  group: 'train',
  phase,
  attempts: 1,
  dependsOn: [],
  startedAt: AT,
  ...(done ? { finishedAt: END } : {})
});
const RUN: Run = {
  id: 'run_abcdefgh',
  name: 'demo-x7k2p',
  workflow: 'demo',
  user: 'kari',
  organization: 'uib',
  engine: 'local',
  state: 'Running',
  startedAt: AT,
  workspace: '/home/jovyan/demo',
  leases: [],
  jobs: [
    copy(0, 'Succeeded'),
    copy(1, 'Running', false),
    { name: 'last', phase: 'Pending', attempts: 0, dependsOn: [] }
  ],
  links: {},
  sourceDigest: `sha256:${'0'.repeat(64)}`
};
const FAILED: Run = {
  ...RUN,
  state: 'Failed',
  reason: 'train-1 failed',
  finishedAt: END,
  jobs: [
    copy(0, 'Succeeded'),
    { ...copy(1, 'Failed'), exitCode: 137, reason: 'was killed' },
    { name: 'last', phase: 'Omitted', attempts: 0, dependsOn: ['train'] }
  ]
};

inTerminal('a run is drawn over and over in its place, then what failed is told', async () => {
  platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  platform.on('GET /runs/run_abcdefgh/jobs/train-1/log', () => [200, 'epoch 1\nKilled\n']);
  const size = { rows: 20, columns: 80 };
  const { exit, written } = await runInTerminal(rig, size, 'run', '-f', 'workflow.yaml', '--wait', '--color', 'never');
  expect(exit).toBe(1);
  expect(written).toContain('● train-1  Running');
  expect(screenOf(written)).toBe(`\
demo-x7k2p
demo-x7k2p  Failed  3.0 s  1/3
├─ ✖ train       Failed     3.0 s   1/2, 1 failed
│  ├─ ✔ train-0  Succeeded  3.0 s
│  └─ ✖ train-1  Failed     3.0 s   was killed
└─ – last        Omitted

train-1 Failed, exit code 137 (SIGKILL, often too little memory): was killed
  | epoch 1
  | Killed
demo-x7k2p  Failed  3.0 s: train-1 failed
`);
});

inTerminal('logs that are followed stand above the tree, in colours that tell jobs apart', async () => {
  platform.on('GET /runs/run_abcdefgh', () => [200, FAILED]);
  platform.on('GET /runs/run_abcdefgh/jobs/train-0/log', () => [200, 'fine\n']);
  platform.on('GET /runs/run_abcdefgh/jobs/train-1/log', () => [200, 'epoch 1\n\u001b[31mKilled\u001b[2J\n']);
  const size = { rows: 20, columns: 80 };
  const { written } = await runInTerminal(rig, size, 'run', '-f', 'workflow.yaml', '--follow');
  const screen = screenOf(written);
  const [above = '', below] = screen.split('demo-x7k2p  Failed  3.0 s  1/3\n');
  expect(above.trimEnd().split('\n').sort()).toEqual([
    'demo-x7k2p',
    'train-0 | fine',
    'train-1 | Killed\uFFFD[2J',
    'train-1 | epoch 1'
  ]);
  expect(below).toBe(`\
├─ ✖ train       Failed     3.0 s   1/2, 1 failed
│  ├─ ✔ train-0  Succeeded  3.0 s
│  └─ ✖ train-1  Failed     3.0 s   was killed
└─ – last        Omitted

train-1 Failed, exit code 137 (SIGKILL, often too little memory): was killed
demo-x7k2p  Failed  3.0 s: train-1 failed
`);
  expect(written).toMatch(/\u001b\[3[56]mtrain-0 \|\u001b\[0m fine/);
  expect(written).toContain('\u001b[31mKilled\uFFFD[2J\u001b[0m');
});

inTerminal('Ctrl-C leaves the run and gives the cursor back', async () => {
  platform.on('GET /runs/run_abcdefgh', () => [200, RUN]);
  const size = { rows: 8, columns: 40, interruptAt: 'train-1  Running' };
  const { exit, written } = await runInTerminal(rig, size, 'watch', 'run_abcdefgh', '--color', 'never');
  expect(exit).toBe(130);
  expect(screenOf(written).replace(/\d+ d \d+ h/g, 'LONG')).toContain(`
no longer watching; demo-x7k2p goes on
  to go on watching it: jupyterflow watch demo-x7k2p
  to stop it: jupyterflow stop demo-x7k2p
`);
  expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('\u001b[?25l'));
});
