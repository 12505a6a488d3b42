import { closeSync } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Fifo } from './fifos.js';
import type { Signal } from './signal.js';

/** Longest log of one attempt, in bytes. */
export const LOG_LIMIT = 64 * 1024 * 1024;

/**
 * Takes what one attempt writes and appends it to a file, which there is once something was written. A job writes into a
 * FIFO rather than the file, so that the length stays bounded and nothing is truncated, and rather than a socket, so that
 * it can open /dev/stdout.
 */
export class LogWriter {
  readonly #path: string;
  readonly #changed: Signal;
  readonly #limit: number;
  readonly #source: Socket;
  readonly #ended: Promise<void>;
  #output: number | undefined;
  #file: FileHandle | undefined;
  /** What was not written yet; the source waits while it is. */
  #writing: Promise<void> | undefined;
  #length = 0;

  /** @param changed Notified after each write. */
  constructor(path: string, fifo: Fifo, changed: Signal, limit: number = LOG_LIMIT) {
    this.#path = path;
    this.#changed = changed;
    this.#limit = limit;
    this.#output = fifo.output;
    this.#source = new Socket({ fd: fifo.input, readable: true, writable: false });
    this.#ended = new Promise(resolve => this.#source.once('close', () => resolve()));
    // Its end is all there is to say of an error.
    this.#source.on('error', () => undefined);
    this.#source.on('data', chunk => this.#take(chunk));
  }

  /** Open file for a child's stdout and stderr. */
  get output(): number {
    if (this.#output === undefined) throw new Error('the log is closed for new writers');
    return this.#output;
  }

  /** No further process gets the output: the log ends when those that have it are gone. */
  seal(): void {
    if (this.#output !== undefined) closeSync(this.#output);
    this.#output = undefined;
  }

  /**
   * Waits for what is still on its way, appends `note` as a line, and closes.
   * @param patience Longest time, in milliseconds, for processes that outlive their job to close the output.
   */
  async finish(patience: number, note?: string): Promise<void> {
    this.seal();
    const late = setTimeout(() => this.#source.destroy(), patience);
    await this.#ended;
    clearTimeout(late);
    await this.#writing;
    if (note !== undefined) await this.#write(`${note}\n`);
    if (this.#file === undefined) return;
    await this.#file.close();
    this.#changed.notify();
  }

  #take(chunk: Buffer): void {
    if (this.#length > this.#limit) return;
    this.#source.pause();
    this.#writing = this.#append(chunk).finally(() => {
      this.#changed.notify();
      this.#source.resume();
    });
  }

  async #append(chunk: Buffer): Promise<void> {
    const fits = chunk.subarray(0, this.#limit - this.#length);
    this.#length += chunk.length;
    await this.#write(fits);
    if (this.#length > this.#limit) await this.#write(`\n[jupyterflow: cut after ${this.#limit} bytes]\n`);
  }

  /** A job goes on when there is no space for its log. */
  async #write(data: Buffer | string): Promise<void> {
    try {
      this.#file ??= await this.#open();
      await this.#file.appendFile(data);
    } catch {
      this.#length = Infinity;
    }
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    return open(this.#path, 'a', 0o600);
  }
}
