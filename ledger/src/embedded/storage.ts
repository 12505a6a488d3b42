import type { FileHandle } from 'node:fs/promises';
import type { KeptEntry, LogStorage } from '../log-ledger.js';
import { FILES, prepareFile } from './files.js';
import { formatLine } from './line.js';

/** Keeps a log in its folder. */
export class FileStorage implements LogStorage {
  readonly #folder: string;
  readonly #log: FileHandle;
  readonly #unlock: () => Promise<void>;

  /** @param log - open for appending */
  constructor(folder: string, log: FileHandle, unlock: () => Promise<void>) {
    this.#folder = folder;
    this.#log = log;
    this.#unlock = unlock;
  }

  async keep(entries: readonly KeptEntry[], checkpoint: string): Promise<void> {
    // Written beside the entries but named only after them: a checkpoint never covers what is not there.
    const [replace] = await Promise.all([
      prepareFile(this.#folder, FILES.checkpoint, checkpoint),
      this.#append(entries)
    ]);
    await replace();
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#unlock();
  }

  async #append(entries: readonly KeptEntry[]): Promise<void> {
    await this.#log.appendFile(Buffer.concat(entries.map(formatLine)));
    await this.#log.datasync();
  }
}
