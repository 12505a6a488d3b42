import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatLine, logLine } from '../embedded/line.js';
import { openEmbeddedLedger } from '../embedded/open.js';
import { entryHash } from '../entry.js';
import { emptyRoot, leafHash } from '../merkle/hash.js';
import { MerkleTree } from '../merkle/tree.js';
import { signCheckpoint } from '../note/checkpoint.js';
import type { StoredEntry } from '../replica.js';
import { Party, scratchFolder } from '../scenario.js';

// The built command, as people run it.
const bin = fileURLToPath(new URL('../../bin/jupyterflow-ledger.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  return runIn('.', ...args);
}

function runIn(cwd: string, ...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [bin, ...args], { env: {}, cwd }, (_error, stdout, stderr) =>
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

describe('what others wrote does not steer the terminal', () => {
  const steering = /[^\P{Cc}\n]|\p{Cf}/u;

  test('a log whose key has a name of escape sequences has no key', async () => {
    const own = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    for (const name of ['x\u001b[2Jok:', 'x\u009b2J', 'x\u202e']) {
      await writeFile(join(folder, 'log.pub'), `${named(name, own)}\n`);
      const verified = await run('verify', folder);
      expect(verified).toMatchObject({ code: 1, stderr: '' });
      expect(verified.stdout).toMatch(/^bad: log\.pub: The log in .* is damaged: log\.pub is missing or damaged\./);
      expect((await run('fsck', folder)).stdout).not.toMatch(steering);
      expect(await run('verify', folder, '--key', named(name, own))).toMatchObject({
        code: 2,
        stderr: 'error INVALID: --key must be a line such as that in log.pub: name+hash+key\n'
      });
    }
  });

  test('a description is shown without them, and as JSON with escapes that mean the same', async () => {
    const title = 'Two \u202e evil \u009b31m x \u{e0041}';
    const ledger = await openEmbeddedLedger({ folder });
    const uio = new Party('uis', 'ola');
    await ledger.submit(uio.joins(Date.now()));
    const { envelope } = uio.publishes('d', Date.now());
    const command = { ...envelope.command, description: { title } } as typeof envelope.command;
    expect(await ledger.submit(uio.signs(command, Date.now()))).toMatchObject({ ok: true });
    await ledger.close();
    const text = (await run('show', folder, '--dataset', 'd')).stdout;
    expect(text).toContain('"title": "Two \ufffd evil \ufffd31m x \ufffd"');
    expect(text).not.toMatch(steering);
    const json = (await run('show', folder, '--dataset', 'd', '-o', 'json')).stdout;
    expect(json).not.toMatch(steering);
    expect(JSON.parse(json)).toMatchObject({ record: { description: { title } } });
  });

  /** The line of a key under another name, with the hash that fits it. */
  function named(name: string, line: string): string {
    const key = line.slice(line.indexOf('+', line.indexOf('+') + 1) + 1);
    const hash = createHash('sha256').update(`${name}\n`).update(Buffer.from(key, 'base64')).digest('hex').slice(0, 8);
    return `${name}+${hash}+${key}`;
  }
});

describe('a lease', () => {
  const [owner, holder] = [new Party('uis', 'ola'), new Party('uib', 'per')];
  beforeEach(async () => {
    const ledger = await openEmbeddedLedger({ folder });
    const now = Date.now();
    const lease = { type: 'lease.request', lease: 'l', dataset: 'd', purpose: 'teaching', duration: 1000 } as const;
    for (const command of [owner.joins(now), holder.joins(now), owner.publishes('d', now)]) {
      expect(await ledger.submit(command)).toMatchObject({ ok: true });
    }
    expect(await ledger.submit(holder.signs(lease, now))).toMatchObject({ ok: true });
    await ledger.close();
  });

  test('shown with the entries about it', async () => {
    const { code, stdout } = await run('show', folder, '--lease', 'l');
    expect(code).toBe(0);
    expect(stdout).toContain('"purpose": "teaching"');
    expect(stdout).toMatch(/\n4 {2}\S+ \S+ UTC {2}per of uib: lease\.request \(lease\.requested, lease\.granted\)\n$/);
    expect(await run('show', folder, '--lease', 'none')).toMatchObject({
      code: 2,
      stderr: `error NOT_FOUND: There is no lease none in ${folder}.\n`
    });
    expect((await run('show', folder, '--entry', '0')).stdout).toMatch(/^0 {2}.* kari of uio: organization\.join /);
    expect(await run('show', folder, '--entry', '9')).toMatchObject({ code: 2 });
    expect((await run('show', folder)).stdout.trim().split('\n')).toHaveLength(5);
  });

  test('its organizations are shown with the keys that its proof is checked with', async () => {
    const { code, stdout } = await run('show', folder, '--organization', 'uis');
    expect(code).toBe(0);
    expect(stdout).toContain(`"publicKey": "${owner.keys.publicKey}"`);
    expect(stdout).toMatch(/\n1 {2}\S+ \S+ UTC {2}ola of uis: organization\.join \(organization\.joined\)\n/);
    expect(await run('show', folder, '--organization', 'none')).toMatchObject({
      code: 2,
      stderr: `error NOT_FOUND: There is no organization none in ${folder}.\n`
    });
  });

  test('of a damaged log: what is before the damage is shown, and that it is not all', async () => {
    const path = join(folder, 'log.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('teaching', 'preaching'));
    const damage = `the log is damaged at entry 4 (its bytes are not those that were written); what follows is not shown: run "jupyterflow-ledger fsck ${folder}"`;
    const whole = await run('show', folder);
    expect([whole.code, whole.stdout.trim().split('\n').length]).toEqual([1, 4]);
    expect(whole.stderr).toBe(`warning: ${damage}\n`);
    const json = JSON.parse((await run('show', folder, '--dataset', 'd', '-o', 'json')).stdout) as object;
    expect(json).toMatchObject({ ok: false, damage, record: { id: 'd' }, entries: [{ index: 3 }] });
    expect(await run('show', folder, '--lease', 'l')).toEqual({
      code: 2,
      stdout: '',
      stderr: `error NOT_FOUND: There is no lease l in ${folder}. But ${damage}.\n`
    });
    expect(await run('prove', folder, '--lease', 'l')).toMatchObject({
      code: 2,
      stderr: `error NOT_FOUND: There is no lease l in ${folder}, as far as it can be read: up to entry 4. Look its id up with "show".\n`
    });
  });

  describe('shown of a log that nobody signed like this: it is shown, and then what is wrong', () => {
    const doubt = 'what is shown may not be what was signed';
    const fsck = () => `run "jupyterflow-ledger fsck ${folder}"\n`;
    /** Changes entries together with their hashes. */
    const rewrite = async (change: (entry: StoredEntry) => StoredEntry) => {
      const path = join(folder, 'log.jsonl');
      const lines = (await readFile(path, 'utf8')).trim().split('\n');
      const entries = lines.map(line => change((JSON.parse(line) as { readonly entry: StoredEntry }).entry));
      await writeFile(path, Buffer.concat(entries.map(logLine)));
      return entries;
    };

    test('another person, with the hash that belongs to it', async () => {
      await rewrite(entry =>
        entry.index === 4
          ? { ...entry, signed: { ...entry.signed, envelope: { ...entry.signed.envelope, user: 'eve' } } }
          : entry
      );
      const { code, stdout, stderr } = await run('show', folder, '--lease', 'l');
      expect([code, stdout]).toEqual([1, expect.stringContaining('eve of uib: lease.request')]);
      expect(stderr).toMatch(
        `warning: the log is damaged at entry 4 (the rules refuse it: The signature is not by the key of uib.`
      );
      expect(stderr.endsWith(`; ${doubt}: ${fsck()}`)).toBe(true);
    });

    test('another time, which no command has a signature of', async () => {
      await rewrite(entry => (entry.index === 4 ? { ...entry, time: entry.time + 1 } : entry));
      expect(await run('show', folder, '--lease', 'l')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('per of uib: lease.request') as string,
        stderr: `warning: log.jsonl is damaged (the first 5 entries do not give the root of the checkpoint); ${doubt}: ${fsck()}`
      });
    });

    test('a bad signature under a root that the key of the log signed', async () => {
      const entries = await rewrite(entry =>
        entry.index === 1
          ? { ...entry, signed: { ...entry.signed, envelope: { ...entry.signed.envelope, user: 'eve' } } }
          : entry
      );
      const tree = new MerkleTree();
      entries.forEach(entry => tree.append(entryHash(entry)));
      const key = (await readFile(join(folder, 'log.key'), 'utf8')).trim();
      await writeFile(join(folder, 'checkpoint'), signCheckpoint({ origin: 'test', size: 5, root: tree.root() }, key));
      expect(await run('show', folder, '--organization', 'uis')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^warning: the log is damaged at entry 1 \(the rules refuse it: /) as string
      });
    });

    test('a log that was cut off', async () => {
      const path = join(folder, 'log.jsonl');
      await writeFile(
        path,
        (await readFile(path, 'utf8'))
          .split(/(?<=\n)/)
          .slice(0, -1)
          .join('')
      );
      const damage = 'the log is damaged at entry 4 (the checkpoint covers 5 entries, the log has 4)';
      const { code, stdout, stderr } = await run('show', folder, '--dataset', 'd');
      expect([code, stderr]).toEqual([1, `warning: ${damage}; what follows is not shown: ${fsck()}`]);
      expect(stdout).toContain('ola of uis: dataset.publish');
    });

    test.each([
      ['checkpoint', 'it is missing'],
      ['log.pub', 'it is missing or damaged']
    ])('no %s', async (file, problem) => {
      await rm(join(folder, file));
      expect(await run('show', folder, '--lease', 'l')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('"purpose": "teaching"') as string,
        stderr: `warning: ${file} is damaged (${problem}); ${doubt}: ${fsck()}`
      });
    });
  });

  test('proven from a log without its checkpoint: what is missing', async () => {
    await rm(join(folder, 'checkpoint'));
    expect(await run('prove', folder, '--lease', 'l')).toEqual({
      code: 2,
      stdout: '',
      stderr: `error CORRUPT: The log in ${folder} is damaged: checkpoint is missing. Restore the folder from a good copy.\n`
    });
  });

  test('its proof is for the one who made it alone, also where a file was before', async () => {
    const [proof, before] = [join(folder, 'proof.json'), join(folder, 'before.json')];
    await writeFile(before, 'x'.repeat(100_000), { mode: 0o644 });
    expect(await run('prove', folder, '--lease', 'l', '--file', proof)).toMatchObject({ code: 0 });
    expect(await run('prove', folder, '--lease', 'l', '-o', before)).toMatchObject({ code: 0 });
    expect(await readFile(before, 'utf8')).toBe(await readFile(proof, 'utf8'));
    expect([(await stat(proof)).mode & 0o777, (await stat(before)).mode & 0o777]).toEqual([0o600, 0o600]);
  });

  test('its proof is checked with one key of each organization that it has', async () => {
    const proof = join(folder, 'proof.json');
    await run('prove', folder, '--lease', 'l', '--file', proof);
    const key = ({ organization, keys: { publicKey } }: Party) => ['--org-key', `${organization}=${publicKey}`];
    expect(await run('verify-proof', proof, ...key(owner), ...key(new Party('ui', 'x')))).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error INVALID: the proof has no organization ui; give --org-key for those that it has: uio, uis, uib\n'
    });
    expect(await run('verify-proof', proof, ...key(owner), ...key(new Party('uis', 'x')))).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error INVALID: --org-key gives two keys of uis: give the one that you have from itself\n'
    });
    const log = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    const twice = [...key(owner), ...key(owner), ...key(holder)];
    expect(await run('verify-proof', proof, ...twice, '--log-key', log)).toMatchObject({ code: 0 });
  });

  test('proven to somebody who has the keys and nothing else', async () => {
    const proof = join(folder, 'proof.json');
    expect(await run('prove', folder, '--lease', 'l', '--file', proof)).toEqual({
      code: 0,
      stdout: '',
      stderr: `${proof}: proof of lease l, with 5 entries of the log\n`
    });
    const log = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    const keys = [owner, holder].flatMap(({ organization, keys: { publicKey } }) => [
      '--org-key',
      `${organization}=${publicKey}`
    ]);
    const good = await run('verify-proof', proof, ...keys, '--log-key', log);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(/^ok: lease l is on the log test\n/);
    expect(good.stdout).toMatch(/\n {2}purpose {2}teaching\n/);
    const json = await run('verify-proof', proof, ...keys, '--log-key', log, '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      lease: { user: 'per', organization: 'uib', purpose: 'teaching' }
    });
    await writeFile(proof, (await readFile(proof, 'utf8')).replace('teaching', 'insurance'));
    expect(await run('verify-proof', proof, ...keys, '--log-key', log)).toEqual({
      code: 1,
      stdout: 'bad: entry 4 is not signed by the key of uib\n',
      stderr: ''
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

describe('a log on the network', () => {
  test('a folder whose name looks like an address is a folder', async () => {
    const named = join(folder, 'lf:log');
    await mkdir(named);
    for (const file of ['log.pub', 'log.jsonl', 'checkpoint']) {
      await rename(join(folder, file), join(named, file));
    }
    expect(await runIn(folder, 'verify', 'lf:log')).toMatchObject({ code: 0, stderr: '' });
    expect(await runIn(folder, 'prove', 'lf:log', '--lease', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error NOT_FOUND: There is no lease none in .*lf:log\./) as string
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing of the copy, and ends it as ever', async signal => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const checkpoint = await readFile(join(folder, 'checkpoint'));
    // Half of the entries, and no end.
    let asked: () => void;
    const copying = new Promise<void>(resolve => (asked = resolve));
    const server = createServer((request, response) => {
      if (request.url?.endsWith('/checkpoint') === true) {
        response.end(checkpoint);
      } else {
        response.write('{"entry":');
        asked();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ledger`;
    const key = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    const child = spawn(process.execPath, [bin, 'verify', url, '--key', key], {
      stdio: 'inherit',
      env: { TMPDIR: temporary }
    });
    await copying;
    expect(await readdir(temporary)).toHaveLength(1);
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(await readdir(temporary)).toEqual([]);
    server.closeAllConnections();
    server.close();
  });
});

describe('output that cannot be written', () => {
  const into = async (stdout: 'pipe' | number, ...args: string[]) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', stdout, 'pipe'], env: {} });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr };
  };

  test.each([
    ['verify', '-o', 'json'],
    ['show', '--entry', '0'],
    ['fsck', '-o', 'text']
  ])('whoever reads it has seen enough: %s ends quietly, with its verdict', async (command, ...flags) => {
    expect(await into('pipe', command, folder, ...flags)).toEqual({ code: 0, stderr: '' });
  });

  test('whoever reads it has seen enough: of a damaged log too', async () => {
    await writeFile(join(folder, 'log.jsonl'), 'x\n');
    expect(await into('pipe', 'verify', folder)).toEqual({ code: 1, stderr: '' });
    expect(await into('pipe', '--help')).toEqual({ code: 0, stderr: '' });
  });

  // Only Linux has a device that is always full.
  (existsSync('/dev/full') ? test : test.skip)(
    'a full disk (/dev/full): it says so, and gives no verdict',
    async () => {
      for (const args of [['verify', folder], ['show', folder, '-o', 'json'], ['--help']]) {
        const full = await open('/dev/full', 'w');
        expect(await into(full.fd, ...args)).toEqual({
          code: 2,
          stderr: "error IO: The output can't be written (ENOSPC). Make room for it, or write it elsewhere.\n"
        });
        await full.close();
      }
    }
  );
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
