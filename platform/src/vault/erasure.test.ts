import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger, sign, verifyLog, type Command } from '@jupyterflow/ledger';
import { makeKeys } from './keys.js';
import { unseal } from './seal.js';
import { Vault } from './vault.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erasure-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Every file below a folder, with what is in it. */
async function files(path: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) all.set(file, await readFile(file, 'latin1'));
  }
  return all;
}

test('after a dataset is erased nothing on the disk opens its storage details, and the log still verifies', async () => {
  const keys = await makeKeys(join(folder, 'keys'), 'uis');
  const vault = await Vault.open(join(folder, 'details'), new Map([['uis', keys]]));
  const ledger = await openEmbeddedLedger({ folder: join(folder, 'ledger') });
  let count = 0;
  const give = async (command: Command): Promise<void> => {
    const envelope = { id: `c${count++}`, organization: 'uis', user: 'ola', time: Date.now(), command };
    expect(await ledger.submit(sign(envelope, keys.signing.privateKey))).toMatchObject({ ok: true });
  };
  await give({ type: 'organization.join', name: 'Stavanger', publicKey: keys.signing.publicKey });
  const details = { kind: 'directory', path: 'a-most-secret-place' } as const;
  const sealed = await vault.keep('ds_11111111', 'uis', details);
  const policy = {
    concurrency: 1,
    approval: 'auto',
    maxDuration: 1000,
    renewals: 0,
    purposes: [],
    organizations: []
  } as const;
  await give({ type: 'dataset.publish', dataset: 'ds_11111111', policy, description: {}, sealed });
  const envelope = await readFile(join(folder, 'details', `${sealed}.sealed`), 'utf8');
  expect(unseal(envelope, 'ds_11111111', keys.kek)).toContain('a-most-secret-place');
  // The same details are sealed to other bytes each time: who guesses them can't compare with what is on the log.
  expect(await vault.keep('ds_11111111', 'uis', details)).not.toBe(sealed);
  const { dek, text: box } = JSON.parse(envelope) as Record<
    'dek' | 'text',
    { readonly nonce: string; readonly data: string }
  >;

  await give({ type: 'dataset.retire', dataset: 'ds_11111111', basedOn: 1 });
  await vault.eraseAllBut(new Set());
  await ledger.close();

  const left = await files(folder);
  expect([...left.keys()].some(path => path.includes('log.jsonl'))).toBe(true);
  expect([...left.keys()].filter(path => path.endsWith('.sealed'))).toEqual([]);
  for (const [path, text] of left) {
    expect([path, text.includes('a-most-secret-place')]).toEqual([path, false]);
    // Neither the ciphertext nor the wrapped key of the dataset is in any file.
    for (const part of [dek.data, dek.nonce, box.data, box.nonce])
      expect([path, text.includes(part)]).toEqual([path, false]);
  }
  const again = await Vault.open(join(folder, 'details'), new Map([['uis', keys]]));
  await expect(again.open({ id: 'ds_11111111', owner: 'uis', sealed })).rejects.toThrow(
    'there are no storage details of ds_11111111'
  );
  expect(await verifyLog(join(folder, 'ledger'))).toMatchObject({ ok: true, size: 3 });
});
