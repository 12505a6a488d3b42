import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Storage } from '@jupyterflow/schema';
import { deleteDurably, writeDurably } from './files.js';
import type { OrganizationKeys } from './keys.js';
import { UnsealError, seal, unseal } from './seal.js';

/** What of a dataset the vault needs to open its details. */
export interface SealedDataset {
  readonly id: string;
  readonly owner: string;
  /** SHA-256 of the sealed details, hex, as it is on the ledger. */
  readonly sealed: string;
}

/** Keeps where the data of each dataset lies, sealed with the key of its owner: one file a dataset, named by its SHA-256. */
export class Vault {
  readonly #folder: string;
  readonly #keys: ReadonlyMap<string, OrganizationKeys>;

  private constructor(folder: string, keys: ReadonlyMap<string, OrganizationKeys>) {
    [this.#folder, this.#keys] = [folder, keys];
  }

  /** @param keys - by organization */
  static async open(folder: string, keys: ReadonlyMap<string, OrganizationKeys>): Promise<Vault> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new Vault(folder, keys);
  }

  /** Keeps the details of a new dataset; returns the SHA-256 of what was kept, hex. */
  async keep(id: string, owner: string, details: Storage): Promise<string> {
    const sealed = seal(JSON.stringify(details), id, this.#kek(owner));
    const name = digest(sealed);
    await writeDurably(this.#path(name), sealed);
    return name;
  }

  /** Opens the details of a dataset. @throws UnsealError when they are not those that the ledger knows */
  async open(dataset: SealedDataset): Promise<Storage> {
    const sealed = await readFile(this.#path(dataset.sealed), 'utf8').catch(() => {
      throw new UnsealError(`there are no storage details of ${dataset.id}`);
    });
    if (digest(sealed) !== dataset.sealed)
      throw new UnsealError(`the storage details of ${dataset.id} are not those on the ledger`);
    return JSON.parse(unseal(sealed, dataset.id, this.#kek(dataset.owner))) as Storage;
  }

  /** Forgets details for ever: with the file goes the only copy of the key of the dataset. */
  async erase(sealed: string): Promise<void> {
    await deleteDurably(this.#path(sealed));
  }

  /**
   * Erases what no dataset needs: details whose publishing never reached the ledger, or of retired ones.
   * @param needed - SHA-256 of the details to keep
   */
  async eraseAllBut(needed: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (!needed.has(name.replace(/\.sealed$/, ''))) await deleteDurably(join(this.#folder, name));
    }
  }

  #path(sealed: string): string {
    if (!/^[0-9a-f]{64}$/.test(sealed)) throw new UnsealError('that is not the SHA-256 of storage details');
    return join(this.#folder, `${sealed}.sealed`);
  }

  #kek(organization: string): OrganizationKeys['kek'] {
    const keys = this.#keys.get(organization);
    if (!keys) throw new UnsealError(`there are no keys of ${organization} here`);
    return keys.kek;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
