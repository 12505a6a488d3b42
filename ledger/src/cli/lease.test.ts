import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logLine } from '../embedded/line.js';
import { openEmbeddedLedger } from '../embedded/open.js';
import { entryHash } from '../entry.js';
import { MerkleTree } from '../merkle/tree.js';
import { signCheckpoint } from '../note/checkpoint.js';
import type { StoredEntry } from '../replica.js';
import { Party } from '../scenario.js';
import { logOfOne, run } from '../testing/command.js';

let folder: string;
beforeEach(async () => {
  ({ folder } = await logOfOne());
});
afterEach(() => rm(folder, { recursive: true }));

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
