// The commands of ledger.md are run as they stand there, on a log with the lease that they name.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyPair, openEmbeddedLedger, sign } from '@jupyterflow/ledger';

const bin = fileURLToPath(new URL('../ledger/bin/jupyterflow-ledger.js', import.meta.url));
const page = readFileSync(new URL('ledger.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^jupyterflow-ledger ([^#\n]*)/gm)].map(([, line]) => line.trim());
const keys = { uis: createKeyPair(), uio: createKeyPair() };

let folder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-page-'));
  const ledger = await openEmbeddedLedger({ folder: join(folder, 'ledger') });
  const give = async (organization, command) => {
    const envelope = { id: `c-${Math.random()}`, organization, user: 'kari', time: Date.now(), command };
    expect(await ledger.submit(sign(envelope, keys[organization].privateKey))).toMatchObject({ ok: true });
  };
  for (const name of ['uis', 'uio'])
    await give(name, { type: 'organization.join', name, publicKey: keys[name].publicKey });
  const policy = {
    concurrency: 1,
    approval: 'auto',
    maxDuration: 3_600_000,
    renewals: 0,
    purposes: [],
    organizations: []
  };
  const publish = { type: 'dataset.publish', dataset: 'ds_1', policy, description: {}, sealed: 'a'.repeat(64) };
  await give('uis', publish);
  await give('uio', { type: 'lease.request', lease: 'ls_1', dataset: 'ds_1', purpose: 'research', duration: 60_000 });
  await ledger.close();
  copyFileSync(join(folder, 'ledger/checkpoint'), join(folder, 'kept'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The words of a command, with the keys that a reader would have put in. */
function wordsOf(line) {
  const log = readFileSync(join(folder, 'ledger/log.pub'), 'utf8').trim();
  const words = line.split(/\s+(?![^"]*"$)/).map(word => {
    const [, name] = /^(ui.)=MCow\.\.\.$/.exec(word) ?? [];
    return name === undefined ? word : `${name}=${keys[name].publicKey}`;
  });
  return words[0] === 'verify-proof' ? [...words, '--log-key', log] : words;
}

test('the page shows each command', () => {
  expect(new Set(commands.map(line => line.split(' ')[0]))).toEqual(
    new Set(['verify', 'fsck', 'show', 'prove', 'verify-proof', 'witness'])
  );
});

// The witness that listens goes on until it is stopped; it has tests of its own.
test.each(commands.filter(line => !line.includes('--listen')))('jupyterflow-ledger %s', line => {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...wordsOf(line)], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr.replace(/^proof\.json: .*\n/, '')]).toEqual([0, '']);
});
