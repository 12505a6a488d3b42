import type { FileHandle } from 'node:fs/promises';
import type { KeptEntry, LogStorage } from '../log-ledger.js';
import { FILES, replaceFile } from './files.js';
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

  async append(entries: readonly KeptEntry[]): Promise<void> {
    await this.#log.appendFile(Buffer.concat(entries.map(formatLine)));
    await this.#log.datasync();
  }

  saveCheckpoint(note: string): Promise<void> {
    return replaceFile(this.#folder, FILES.checkpoint, note);
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#unlock();
  }
}
