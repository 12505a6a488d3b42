import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeTree } from './records.js';

/** Both ends of a pipe, open. */
export interface Fifo {
  readonly input: number;
  readonly output: number;
}

/** How many are made by one process at first and at most, and at how few the next ones are. */
const FIRST = 8;
const MOST = 128;
const FEW = 4;

/**
 * Pipes that children can be given as a file; Node itself makes only sockets for that. Each is used once, and has no name
 * any more when it is.
 */
export class Fifos {
  readonly #folder: string;
  #ready: string[] = [];
  #making: Promise<void> | undefined;
  #count = 0;
  #batch = FIRST;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder A folder for their names, should there be no place in memory for them; it is emptied. */
  static async open(folder: string): Promise<Fifos> {
    const place = inMemory(folder);
    const made = await makeAnew(place).then(
      () => place,
      () => undefined
    );
    if (made === undefined) await makeAnew(folder);
    return new Fifos(made ?? folder);
  }

  async take(): Promise<Fifo> {
    if (this.#ready.length <= FEW) void this.#refill();
    while (this.#ready.length === 0) await this.#refill();
    const path = this.#ready.pop() ?? '';
    try {
      const input = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return { input, output: openSync(path, constants.O_WRONLY) };
      } catch (error) {
        closeSync(input);
        throw error;
      }
    } finally {
      unlinkSync(path);
    }
  }

  /** Deletes what was not used. */
  async close(): Promise<void> {
    await this.#making?.catch(() => undefined);
    await removeTree(this.#folder);
  }

  #refill(): Promise<void> {
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    // Whoever has to wait for it gets its error.
    this.#making.catch(() => undefined);
    return this.#making;
  }

  async #make(): Promise<void> {
    const paths = Array.from({ length: this.#batch }, () => join(this.#folder, `${this.#count++}.fifo`));
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { env: { PATH: '/usr/bin:/bin' } });
    this.#ready.push(...paths);
    this.#batch = Math.min(this.#batch * 2, MOST);
  }
}

/** To make a FIFO on a disk takes ten times as long. The name is always the same, so that the next one cleans up after a crash. */
function inMemory(folder: string): string {
  return join('/dev/shm', `jupyterflow-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`);
}

/** Fails where that is another user's. */
async function makeAnew(folder: string): Promise<void> {
  await removeTree(folder);
  await mkdir(folder, { mode: 0o700 });
}
