import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedLedger } from '../embedded/open.js';
import { Party, scratchFolder } from '../scenario.js';

// The built command, as people run it.
const bin = fileURLToPath(new URL('../../bin/jupyterflow-ledger.js', import.meta.url));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [bin, ...args], { env: {} }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    );
  });
}

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await scratchFolder();
  const ledger = await openEmbeddedLedger({ folder, origin: 'test' });
  await ledger.submit(new Party('uio', 'kari').joins(Date.now()));
  root = (await ledger.checkpoint()).split('\n')[2]!;
  await ledger.close();
});
afterEach(() => rm(folder, { recursive: true }));

test('a whole log: its size and its root', async () => {
  expect(await run('verify', folder)).toEqual({ code: 0, stdout: `ok: 1 entries, root ${root}\n`, stderr: '' });
});

test('the same as JSON', async () => {
  const { code, stdout } = await run('verify', folder, '-o', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, origin: 'test', size: 1, covered: 1, root, unfinished: 0 });
});

test('a log of another key than the one that is trusted', async () => {
  const own = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
  expect(await run('verify', folder, '--key', own)).toMatchObject({ code: 0 });
  const others = await scratchFolder();
  await (await openEmbeddedLedger({ folder: others, origin: 'test' })).close();
  const key = (await readFile(join(others, 'log.pub'), 'utf8')).trim();
  await rm(others, { recursive: true });
  expect(await run('verify', folder, '--key', key)).toEqual({
    code: 1,
    stdout: 'bad: checkpoint: it is not signed by the key of test\n',
    stderr: ''
  });
});

test('a damaged log: where', async () => {
  const path = join(folder, 'log.jsonl');
  await writeFile(path, (await readFile(path, 'utf8')).replace('kari', 'kara'));
  expect(await run('verify', folder)).toEqual({
    code: 1,
    stdout: 'bad: log.jsonl, entry 0 at byte 0: its bytes are not those that were written\n',
    stderr: ''
  });
});

test.each([
  ['no folder', ['verify'], "error: missing required argument 'folder'\n"],
  [
    'a key that is none',
    ['verify', '.', '--key', 'x'],
    'error: --key must be a line such as that in log.pub: name+hash+key\n'
  ],
  [
    'a format that is none',
    ['verify', '.', '-o', 'x'],
    "error: option '-o, --output <format>' argument 'x' is invalid. Allowed choices are text, json.\n"
  ],
  [
    'a folder without a log',
    ['verify', '/nowhere'],
    'error: There is no log in /nowhere. Name the folder that has log.jsonl.\n'
  ]
])('%s: how to ask', async (_what, args, stderr) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr });
});
