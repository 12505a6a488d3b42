import type { Dataset, Lease } from '@jupyterflow/schema';
import { CommandRig, resultOf } from '../../../testing/command.js';
import { FakePlatform, problem } from '../../../testing/platform.js';

let rig: CommandRig;
let platform: FakePlatform;

beforeEach(async () => {
  rig = new CommandRig();
  platform = await FakePlatform.start();
  rig.env['JUPYTERFLOW_PLATFORM'] = platform.url;
  platform.on('GET /datasets/uis%2Florem', () => [200, OPEN]);
});
afterEach(async () => {
  await platform.close();
  rig.dispose();
});

/** Half a minute is lost while the command starts. */
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000 + 30_000).toISOString();

const OPEN: Dataset = {
  id: 'ds_abcdefgh',
  version: 1,
  kind: 'data',
  title: 'Lorem text\u001b[2J',
  name: 'lorem',
  description: 'Words.\n',
  owner: 'uis',
  tags: ['text', 'latin'],
  policy: { concurrency: 1, approval: 'auto', maxDuration: 'P1DT12H', renewals: 3, purposes: [], organizations: [] },
  structure: [],
  columns: [],
  size: '1 file',
  licence: 'CC0',
  storageKind: 'directory',
  state: 'published',
  availability: 'open',
  publishedAt: '2026-01-01T10:00:00.000Z'
};
const ASKED: Lease = {
  id: 'ls_abcdefgh',
  dataset: OPEN.id,
  datasetTitle: OPEN.title,
  datasetName: 'lorem',
  holder: { user: 'kari', organization: 'uib' },
  owner: 'uis',
  purpose: 'teaching',
  duration: 'PT4H',
  state: 'requested',
  requestedAt: '2026-01-01T10:00:00.000Z',
  fencing: 0,
  renewalsLeft: 3
};
const active = (): Lease => ({ ...ASKED, state: 'active', fencing: 1, expiresAt: inMinutes(240) });

test('list tells what there is and whose it is now', async () => {
  const mine = {
    ...OPEN,
    name: 'mine',
    availability: 'yours' as const,
    lease: { ...active(), expiresAt: inMinutes(12) }
  };
  const asked = { ...OPEN, name: 'asked', lease: ASKED };
  const taken = { ...OPEN, name: 'taken', availability: 'taken' as const, takenBy: 'uio', takenUntil: inMinutes(190) };
  platform.on('GET /datasets', () => [200, { items: [OPEN, mine, asked, taken], nextCursor: null, total: 4 }]);
  expect(await rig.run('datasets', 'list', 'lorem', 'text', '--owner', 'uis', '--available')).toEqual({
    exit: 0,
    stdout: `\
NAME       TITLE           AVAILABILITY
uis/lorem  Lorem text\uFFFD[2J  open
uis/mine   Lorem text\uFFFD[2J  yours, 12 min left
uis/asked  Lorem text\uFFFD[2J  asked for; uis decides
uis/taken  Lorem text\uFFFD[2J  taken by uio, free in 3 h 10 min
`,
    stderr: ''
  });
  expect(platform.seen[0]?.url).toMatch(/\/datasets\?q=lorem\+text&owner=uis&available=true&limit=100$/);
  expect((await rig.run('datasets', 'list', '-o', 'name')).stdout.split('\n')[0]).toBe('uis/lorem');
  expect((await rig.run('datasets', 'list', '-o', 'jsonpath={[*].id}')).stdout).toMatch(/^ds_abcdefgh /);
});

test('show tells what is allowed, and what to do next', async () => {
  expect(await rig.run('datasets', 'show', 'uis/lorem')).toEqual({
    exit: 0,
    stdout: `\
name           uis/lorem
title          Lorem text\uFFFD[2J
id             ds_abcdefgh
availability   open
size           1 file
licence        CC0
tags           text, latin
approval       at once
longest lease  1 d 12 h, 3 renewals
at once        1 person
purposes       any
organizations  all

Words.

lease it: jupyterflow datasets lease uis/lorem --purpose "..."
`,
    stderr: ''
  });
});

test('lease asks and tells how to mount it', async () => {
  const lease = active();
  platform.on('POST /datasets/ds_abcdefgh/leases', () => [201, lease]);
  expect(await rig.run('datasets', 'lease', 'uis/lorem', '--purpose', 'teaching', '--duration', '1d4h')).toEqual({
    exit: 0,
    stdout: `\
uis/lorem is yours until ${lease.expiresAt!}, 4 h, 3 renewals left
in workflow.yaml: volumes: [{dataset: uis/lorem, path: /home/jovyan/lorem}]
`,
    stderr: ''
  });
  expect(platform.seen.at(-1)?.body).toEqual({ purpose: 'teaching', duration: 'P1DT4H' });
});

test('lease --wait waits for the owner, who allows it', async () => {
  let looks = 0;
  platform.on('POST /datasets/ds_abcdefgh/leases', () => [202, ASKED]);
  platform.on('GET /leases/ls_abcdefgh', () => [200, ++looks < 2 ? ASKED : active()]);
  expect(await rig.run('datasets', 'lease', 'uis/lorem', '--purpose', 'x', '--wait', '-o', 'name')).toEqual({
    exit: 0,
    stdout: 'ls_abcdefgh\n',
    stderr: 'asked uis for uis/lorem; waiting for the answer\n'
  });
});

test('lease --wait waits for the owner, who denies it', async () => {
  platform.on('POST /datasets/ds_abcdefgh/leases', () => [202, ASKED]);
  platform.on('GET /leases/ls_abcdefgh', () => [200, { ...ASKED, state: 'denied', reason: 'not this year' }]);
  expect(await rig.run('datasets', 'lease', 'uis/lorem', '--purpose', 'x', '--wait')).toEqual({
    exit: 4,
    stdout: 'uis/lorem: denied\n',
    stderr: 'asked uis for uis/lorem; waiting for the answer\nerror DENIED: uis did not allow it: not this year\n'
  });
});

test.each([
  ['--timeout', 124],
  ['Ctrl-C', 130]
])('lease --wait ends by %s, and the question stays', async (how, code) => {
  platform.on('POST /datasets/ds_abcdefgh/leases', () => [202, ASKED]);
  platform.on('GET /leases/ls_abcdefgh', () => [200, ASKED]);
  const timeout = how === 'Ctrl-C' ? [] : ['--timeout', '20ms'];
  const child = rig.start('datasets', 'lease', 'uis/lorem', '--purpose', 'x', '--wait', ...timeout);
  if (how === 'Ctrl-C') child.stderr.once('data', () => child.kill('SIGINT'));
  expect(await resultOf(child)).toEqual({
    exit: code,
    stdout: '',
    stderr: `\
asked uis for uis/lorem; waiting for the answer
error NOT_DECIDED: uis has not answered yet; the question stays
  hint: See \`jupyterflow datasets show uis/lorem\`; take it back: jupyterflow datasets release ls_abcdefgh
`
  });
});

test('a taken dataset: who has it, and when it is free', async () => {
  const until = '2026-01-01T12:00:00.000Z';
  platform.on('POST /datasets/ds_abcdefgh/leases', () => [
    409,
    problem(409, 'LEASED', 'uio has it.', { holder: 'uio', until })
  ]);
  expect(await rig.run('datasets', 'lease', 'uis/lorem', '--purpose', 'x')).toEqual({
    exit: 4,
    stdout: '',
    stderr: `error LEASED: uio has it.\n  hint: It is free again at ${until}.\n`
  });
});

test('renew and release, by dataset or by lease', async () => {
  const lease = active();
  platform.on('GET /datasets/uis%2Florem', () => [200, { ...OPEN, lease }]);
  platform.on('GET /leases/ls_abcdefgh', () => [200, lease]);
  platform.on('POST /leases/ls_abcdefgh/renew', () => [200, { ...lease, renewalsLeft: 1 }]);
  platform.on('POST /leases/ls_abcdefgh/release', () => [200, { ...lease, state: 'released' }]);
  expect((await rig.run('datasets', 'renew', 'uis/lorem', '--duration', 'PT2H')).stdout).toContain(
    ', 1 renewal left\n'
  );
  expect(platform.seen.at(-1)?.body).toEqual({ duration: 'PT2H' });
  expect((await rig.run('datasets', 'release', 'ls_abcdefgh', '--reason', 'done')).stdout).toBe(
    'uis/lorem is given back\n'
  );
  expect(platform.seen.at(-1)?.body).toEqual({ reason: 'done' });
});

test.each([
  [
    ['release', 'uis/lorem'],
    4,
    'error LEASE_NOT_ACTIVE: you hold no lease of uis/lorem\n  hint: Lease it: jupyterflow datasets lease uis/lorem --purpose "..."\n'
  ],
  [
    ['show', '../me'],
    2,
    'error USAGE: ../me is not the name of a dataset\n  hint: Write it as owner/name, e.g. uis/lorem. See `jupyterflow datasets list`.\n'
  ],
  [['show', 'uis/gone'], 2, 'error NOT_FOUND: no /datasets/uis%2Fgone\n'],
  [['lease', 'uis/lorem'], 2, "error: required option '--purpose <text>' not specified\n(see --help)\n"],
  [
    ['lease', 'uis/lorem', '--purpose', 'x', '--duration', 'long'],
    2,
    "error: option '--duration <duration>' argument 'long' is invalid. Write it like 90, 30s, 10m or 1h30m.\n(see --help)\n"
  ],
  [
    ['list', '--platform', 'ftp://x'],
    2,
    'error CONFIG: --platform is not the URL of a platform: ftp://x\n  hint: Write it like http://127.0.0.1:8000/services/platform\n'
  ]
])('datasets %j is refused', async (args, exit, stderr) => {
  expect(await rig.run('datasets', ...args)).toEqual({ exit, stdout: '', stderr });
});

test('without a platform there are none', async () => {
  delete rig.env['JUPYTERFLOW_PLATFORM'];
  expect(await rig.run('datasets', 'list')).toEqual({
    exit: 2,
    stdout: '',
    stderr:
      'error NO_PLATFORM: datasets are of a platform, and none is set\n  hint: Set JUPYTERFLOW_PLATFORM, or `platform:` in ~/.jupyterflow.yaml, or use --platform URL.\n'
  });
});
