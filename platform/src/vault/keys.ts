import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyPair, type KeyPair } from '@jupyterflow/ledger';
import { writeDurably } from './files.js';

/** The secrets of an organization. */
export interface OrganizationKeys {
  /** Signs its commands on the ledger. */
  readonly signing: KeyPair;
  /** Key encryption key: wraps the key of each of its datasets. */
  readonly kek: KeyEncryptionKey;
  /** Keys the digests of requests that are on the ledger. */
  readonly idempotency: string;
}

/** A 256-bit key with a name. */
export interface KeyEncryptionKey {
  readonly id: string;
  /** Base64. */
  readonly key: string;
}

const random = (): string => randomBytes(32).toString('base64');

/** Reads the keys of an organization; undefined when it has none yet. */
export async function readKeys(folder: string, organization: string): Promise<OrganizationKeys | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, `${organization}.json`), 'utf8')) as OrganizationKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`the keys of ${organization} can not be read: restore ${organization}.json from your backup`);
  }
}

/** Makes the keys of an organization and keeps them. */
export async function makeKeys(folder: string, organization: string): Promise<OrganizationKeys> {
  const keys: OrganizationKeys = {
    signing: createKeyPair(),
    kek: { id: `kek_${randomBytes(8).toString('hex')}`, key: random() },
    idempotency: random()
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(join(folder, `${organization}.json`), JSON.stringify(keys));
  return keys;
}
