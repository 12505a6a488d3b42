import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys, readKeys, type OrganizationKeys } from './keys.js';
import { UnsealError, seal, unseal } from './seal.js';
import { Vault } from './vault.js';

const kek = { id: 'kek_1', key: Buffer.alloc(32, 7).toString('base64') };
const details = { kind: 'directory', path: 'a-secret-place' } as const;

describe('an envelope', () => {
  const sealed = seal('a-secret-place', 'ds_11111111', kek);

  test('opens for its dataset with its key', () => {
    expect(unseal(sealed, 'ds_11111111', kek)).toBe('a-secret-place');
  });

  test('shows nothing, and is never the same twice', () => {
    expect(sealed).not.toContain('a-secret-place');
    expect(seal('a-secret-place', 'ds_11111111', kek)).not.toBe(sealed);
  });

  test.each([
    ['another dataset', 'ds_22222222', kek],
    ['a key of another name', 'ds_11111111', { ...kek, id: 'kek_2' }],
    ['another key of the same name', 'ds_11111111', { ...kek, key: Buffer.alloc(32, 8).toString('base64') }]
  ])('does not open for %s', (_, dataset, key) => {
    expect(() => unseal(sealed, dataset, key)).toThrow(UnsealError);
  });

  test('does not open with any bit of it flipped', () => {
    const opened: string[] = [];
    for (const field of ['dek', 'text'] as const) {
      for (const part of ['nonce', 'tag', 'data'] as const) {
        const envelope = JSON.parse(sealed) as Record<typeof field, Record<typeof part, string>>;
        const bytes = Buffer.from(envelope[field][part], 'base64');
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const flipped = Buffer.from(bytes);
          flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
          envelope[field][part] = flipped.toString('base64');
          if (opens(JSON.stringify(envelope))) opened.push(`${field}.${part} bit ${bit}`);
        }
      }
    }
    expect(opened).toEqual([]);
  });

  test.each(['', '{}', 'null', sealed.replace('"v":1', '"v":2'), sealed.slice(1), sealed.replace('kek_1', 'kek_2')])(
    'is not %j',
    text => expect(opens(text)).toBe(false)
  );

  function opens(text: string): boolean {
    try {
      unseal(text, 'ds_11111111', kek);
      return true;
    } catch (error) {
      if (error instanceof UnsealError) return false;
      throw error;
    }
  }
});

describe('the vault', () => {
  let folder: string;
  let keys: ReadonlyMap<string, OrganizationKeys>;
  let vault: Vault;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vault-'));
    keys = new Map([
      ['uis', await makeKeys(join(folder, 'keys'), 'uis')],
      ['uib', await makeKeys(join(folder, 'keys'), 'uib')]
    ]);
    vault = await Vault.open(join(folder, 'details'), keys);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('gives back what it keeps, to another process too', async () => {
    const sealed = await vault.keep('ds_11111111', 'uis', details);
    const again = await Vault.open(
      join(folder, 'details'),
      new Map([['uis', (await readKeys(join(folder, 'keys'), 'uis'))!]])
    );
    expect(await again.open({ id: 'ds_11111111', owner: 'uis', sealed })).toEqual(details);
  });

  test('opens nothing by a wrong dataset, owner, or digest', async () => {
    const sealed = await vault.keep('ds_11111111', 'uis', details);
    const other = await vault.keep('ds_22222222', 'uib', details);
    for (const wrong of [
      { id: 'ds_22222222', owner: 'uis', sealed },
      { id: 'ds_11111111', owner: 'uib', sealed },
      { id: 'ds_11111111', owner: 'uis', sealed: other },
      { id: 'ds_11111111', owner: 'uis', sealed: '../keys/uis' },
      { id: 'ds_11111111', owner: 'nobody', sealed }
    ]) {
      await expect(vault.open(wrong)).rejects.toThrow(UnsealError);
    }
  });

  test('notices details that are put in the place of others', async () => {
    const old = await vault.keep('ds_11111111', 'uis', { ...details, path: 'old' });
    const now = await vault.keep('ds_11111111', 'uis', details);
    await writeFile(join(folder, 'details', `${now}.sealed`), await readFile(join(folder, 'details', `${old}.sealed`)));
    await expect(vault.open({ id: 'ds_11111111', owner: 'uis', sealed: now })).rejects.toThrow(
      'the storage details of ds_11111111 are not those on the ledger'
    );
  });

  test('forgets for ever what is erased', async () => {
    const sealed = await vault.keep('ds_11111111', 'uis', details);
    await vault.erase(sealed);
    await vault.erase(sealed);
    await expect(vault.open({ id: 'ds_11111111', owner: 'uis', sealed })).rejects.toThrow(
      'there are no storage details of ds_11111111'
    );
  });

  test('tidies up what no dataset needs', async () => {
    const sealed = await vault.keep('ds_11111111', 'uis', details);
    await vault.keep('ds_22222222', 'uis', details);
    await writeFile(join(folder, 'details', `${createHash('sha256').digest('hex')}.sealed.1.tmp`), 'half');
    await vault.eraseAllBut(new Set([sealed]));
    expect(await readdir(join(folder, 'details'))).toEqual([`${sealed}.sealed`]);
  });

  test('says which keys to restore when they are damaged', async () => {
    await writeFile(join(folder, 'keys', 'uis.json'), '{"signing":');
    await expect(readKeys(join(folder, 'keys'), 'uis')).rejects.toThrow('restore uis.json from your backup');
  });
});
