import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatLine } from '../embedded/line.js';
import { openEmbeddedLedger } from '../embedded/open.js';
import { emptyRoot, leafHash } from '../merkle/hash.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { Party, scratchFolder } from '../scenario.js';
import { bin, logOfOne, run } from '../testing/command.js';

let folder: string;
let root: string;
beforeEach(async () => {
  ({ folder, root } = await logOfOne());
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

test.each(['verify', 'fsck'])('a key that cannot be read: %s gives no verdict', async command => {
  await rm(join(folder, 'log.pub'));
  await mkdir(join(folder, 'log.pub'));
  expect(await run(command, folder)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error IO: What was given is a folder (EISDIR). Name a file.\n'
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

describe('what was kept of a log', () => {
  test('a checkpoint of before: the log must still begin with what it covers', async () => {
    const kept = join(folder, 'kept');
    await cp(join(folder, 'checkpoint'), kept);
    const ledger = await openEmbeddedLedger({ folder });
    await ledger.submit(new Party('uis', 'ola').joins(Date.now()));
    await ledger.close();
    const { code, stdout } = await run('verify', folder, '--from', kept);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok: 2 entries/)]);
    // The same log as its writer would have it instead: another first entry, all signed as it must be.
    const other = join(folder, 'other');
    await mkdir(other);
    for (const file of ['log.key', 'log.pub']) {
      await cp(join(folder, file), join(other, file));
    }
    await writeFile(join(other, 'log.jsonl'), '');
    const key = (await readFile(join(other, 'log.key'), 'utf8')).trim();
    await writeFile(join(other, 'checkpoint'), signCheckpoint({ origin: 'test', size: 0, root: emptyRoot() }, key));
    const rewritten = await openEmbeddedLedger({ folder: other });
    await rewritten.submit(new Party('uib', 'per').joins(Date.now()));
    await rewritten.close();
    expect(await run('verify', other)).toMatchObject({ code: 0 });
    expect(await run('verify', other, '--from', kept)).toEqual({
      code: 1,
      stdout: 'bad: log.jsonl: the first 1 entries do not give the root of the checkpoint you kept\n',
      stderr: ''
    });
  });
});

describe('fsck', () => {
  test('a log that is whole', async () => {
    expect(await run('fsck', folder)).toEqual({
      code: 0,
      stdout: 'ok: 1 entries are as they were written\n',
      stderr: ''
    });
  });

  test('what mends itself: an unfinished write, a damaged cache', async () => {
    const path = join(folder, 'log.jsonl');
    const { length } = await readFile(path);
    await appendFile(path, '{"entry":');
    await appendFile(join(folder, 'cache.snapshot'), 'x');
    expect(await run('fsck', folder)).toEqual({
      code: 0,
      stdout:
        `mends itself: log.jsonl, entry 1 at byte ${length}: it is not whole\n` +
        'mends itself: cache.snapshot: it is damaged; the next opening makes it anew from the log\n' +
        'ok: 1 entries are as they were written\n',
      stderr: ''
    });
  });

  test('an entry that was changed together with its hash: nothing is said to be as it was written', async () => {
    const path = join(folder, 'log.jsonl');
    const [, entry] = /^\{"entry":(.*),"leaf":/.exec((await readFile(path, 'utf8')).replace('kari', 'kara'))!;
    const bytes = Buffer.from(entry!);
    await writeFile(path, formatLine({ bytes, hash: leafHash(bytes) }));
    expect(await run('fsck', folder)).toEqual({
      code: 1,
      stdout:
        'damaged: log.jsonl, entry 0 at byte 0: the rules refuse it: ' +
        'The signature is not by the key of uio. Sign the command with that key.\n' +
        'bad: 1 entries agree with the hashes beside them\n',
      stderr: ''
    });
  });

  test('each place that is damaged', async () => {
    const path = join(folder, 'log.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('kari', 'kara'));
    expect(await run('fsck', folder)).toEqual({
      code: 1,
      stdout:
        'damaged: log.jsonl, entry 0 at byte 0: its bytes are not those that were written\n' +
        'bad: 0 entries agree with the hashes beside them\n',
      stderr: ''
    });
    expect(JSON.parse((await run('fsck', folder, '-o', 'json')).stdout)).toMatchObject({
      ok: false,
      entries: 0,
      findings: [{ severity: 'damaged', file: 'log.jsonl', entry: 0, offset: 0 }]
    });
  });
});

describe('a witness', () => {
  const portOf = (child: ChildProcess) =>
    once(child.stdout!, 'data').then(([text]) => Number(/port (\d+)/.exec(String(text))![1]));

  test('that is killed with SIGKILL remembers what it cosigned', async () => {
    const [home, log] = [join(folder, 'witness'), join(folder, 'witnessed')];
    const publicKey = (await run('witness', '--folder', home, '--name', 'uio', '--show-key')).stdout.trim();
    await (await openEmbeddedLedger({ folder: log, origin: 'watched' })).close();
    const key = (await readFile(join(log, 'log.pub'), 'utf8')).trim();
    const start = () =>
      spawn(
        process.execPath,
        [bin, 'witness', '--folder', home, '--name', 'uio', '--listen', '127.0.0.1:0', '--log', key],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: {}
        }
      );
    const uio = new Party('uio', 'kari');
    const open = (port: number) =>
      openEmbeddedLedger({ folder: log, witnesses: [{ organization: 'uio', url: `http://127.0.0.1:${port}` }] });

    const first = start();
    let ledger = await open(await portOf(first));
    await ledger.submit(uio.joins(Date.now(), publicKey));
    expect(await ledger.final(0, 30_000)).toEqual({ index: 0, final: true, witnesses: ['uio'], needed: 1 });
    await ledger.close();
    first.kill('SIGKILL');
    await once(first, 'exit');

    // Another history under the same key: the log's folder was put back to before the join.
    const forked = join(folder, 'forked');
    await cp(log, forked, { recursive: true, filter: path => !path.includes('cosigned') });
    await writeFile(join(forked, 'log.jsonl'), '');
    const secret = (await readFile(join(forked, 'log.key'), 'utf8')).trim();
    await writeFile(
      join(forked, 'checkpoint'),
      signCheckpoint({ origin: 'watched', size: 0, root: emptyRoot() }, secret)
    );

    const second = start();
    const port = await portOf(second);
    const dishonest = await openEmbeddedLedger({
      folder: forked,
      witnesses: [{ organization: 'uio', url: `http://127.0.0.1:${port}` }]
    });
    await dishonest.submit(uio.joins(Date.now(), publicKey));
    expect(await dishonest.final(0, 2000)).toMatchObject({ final: false });
    expect(dishonest.witnesses()[0]?.problem).toBe('it refused: FORK: the log signed another tree of 1 entries before');
    await dishonest.close();
    expect((await readdir(home)).filter(file => file.startsWith('fork-'))).toHaveLength(1);

    ledger = await open(port);
    const next = await ledger.submit(uio.publishes('d', Date.now()));
    expect(next).toMatchObject({ ok: true, index: 1 });
    expect(await ledger.final(1, 30_000)).toMatchObject({ final: true });
    await ledger.close();
    const exit = once(second, 'exit');
    second.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }, 60_000);
});

test('it tells its version', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  ['no folder', ['verify'], "error USAGE: missing required argument 'log'\n"],
  [
    'a key that is none',
    ['verify', '.', '--key', 'x'],
    'error INVALID: --key must be a line such as that in log.pub: name+hash+key\n'
  ],
  [
    'an address without a key',
    ['verify', 'https://hub.example/ledger'],
    'error INVALID: give the key of the log with --key: one that came with the log would prove nothing\n'
  ],
  [
    'two things to show',
    ['show', '.', '--entry', '1', '--lease', 'l'],
    'error INVALID: give one of --entry, --lease, --dataset and --organization\n'
  ],
  [
    'an organization without its key',
    ['verify-proof', 'x', '--org-key', 'uio'],
    'error INVALID: --org-key must be like uio=MCowBQYDK2Vw...: an Ed25519 public key, SPKI DER in base64\n'
  ],
  [
    'a witness without a log',
    ['witness', '--folder', '/dev/shm/none-such', '--name', 'u i o'],
    'error INVALID: The name "u i o" must have neither spaces nor plus signs.\n'
  ],
  [
    'a proof in a format',
    ['prove', '.', '--lease', 'l', '-o', 'json'],
    'error INVALID: a proof is always JSON; say with --file where to write it\n'
  ],
  [
    'two files for a proof',
    ['prove', '.', '--lease', 'l', '-o', 'a', '--file', 'b'],
    'error INVALID: give one of --file and --output\n'
  ],
  [
    'a format that is none',
    ['verify', '.', '-o', 'x'],
    "error USAGE: option '-o, --output <format>' argument 'x' is invalid. Allowed choices are text, json.\n"
  ],
  [
    'another file for the checkpoint that was kept',
    ['verify', '.', '--from', process.execPath],
    `error INVALID: ${process.execPath} is no signed checkpoint. Give with --from a copy of the file "checkpoint" of the log, which you made before.\n`
  ],
  [
    'a checkpoint that was kept and is not there',
    ['verify', '.', '--from', '/nowhere/kept'],
    'error NOT_FOUND: There is no /nowhere/kept.\n'
  ],
  ['a command that is none', ['verfy', '.'], "error USAGE: unknown command 'verfy'\n(Did you mean verify?)\n"],
  ['an option that is none', ['fsck', '.', '--all'], "error USAGE: unknown option '--all'\n"],
  [
    'a folder in place of a file',
    ['verify-proof', '/', '--org-key', `uio=${new Party('uio', 'kari').keys.publicKey}`],
    'error IO: What was given is a folder (EISDIR). Name a file.\n'
  ],
  [
    'a file in place of a folder',
    ['verify', process.execPath],
    `error IO: ${join(process.execPath, 'checkpoint')} can't be read or written, for a part of its path is a file (ENOTDIR). Name a folder.\n`
  ],
  [
    'a size that is none',
    ['verify', 'https://hub.example', '--max-size', '1G'],
    'error INVALID: --max-size must be a number of MiB, such as 4096\n'
  ],
  [
    'a proof that is not there',
    ['verify-proof', '/nowhere/proof.json', '--org-key', `uio=${new Party('uio', 'kari').keys.publicKey}`],
    'error NOT_FOUND: There is no /nowhere/proof.json.\n'
  ],
  [
    'a folder without a log',
    ['verify', '/nowhere'],
    'error NOT_FOUND: There is no log in /nowhere. Name the folder that has log.jsonl.\n'
  ]
])('%s: how to ask', async (_what, args, stderr) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr });
});
