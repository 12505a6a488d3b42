import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRequest } from '@jupyterflow/schema';
import { deleteDurably, writeDurably } from '../vault/files.js';

/** What runs were started with: a file a run, which only the platform can read. The ledger has just digests of it. */
export class Requests {
  readonly #folder: string;

  /** @param folder - exists, and is the platform's alone */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async keep(id: string, request: RunRequest): Promise<void> {
    await writeDurably(this.#path(id), JSON.stringify(request));
  }

  /** Undefined when it was not kept. */
  async find(id: string): Promise<RunRequest | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(id), 'utf8')) as RunRequest;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async forget(id: string): Promise<void> {
    await deleteDurably(this.#path(id));
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
