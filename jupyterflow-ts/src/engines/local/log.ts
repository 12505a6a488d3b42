import { execFile } from 'node:child_process';
import { closeSync, constants, open as openFile } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Signal } from './signal.js';

/** Longest log of one attempt, in bytes. */
export const LOG_LIMIT = 64 * 1024 * 1024;

/**
 * Takes what one attempt writes and appends it to a file. A job writes into a FIFO rather than the file, so that the
 * length stays bounded and nothing is truncated, and rather than a socket, so that it can open /dev/stdout.
 */
export class LogWriter {
  readonly #file: FileHandle;
  readonly #changed: Signal;
  readonly #limit: number;
  readonly #source: Socket;
  readonly #written: Promise<void>;
  #output: FileHandle | undefined;
  #length = 0;

  private constructor(file: FileHandle, fifo: Fifo, changed: Signal, limit: number) {
    this.#file = file;
    this.#changed = changed;
    this.#limit = limit;
    this.#output = fifo.output;
    this.#source = new Socket({ fd: fifo.input, readable: true, writable: false });
    this.#written = this.#copy();
  }

  /** @param changed Notified after each write. */
  static async create(path: string, changed: Signal, limit: number = LOG_LIMIT): Promise<LogWriter> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const fifo = await openFifo(`${path}.fifo`);
    return new LogWriter(await open(path, 'a', 0o600), fifo, changed, limit);
  }

  /** Open file for a child's stdout and stderr. */
  get output(): number {
    if (this.#output === undefined) throw new Error('the log is closed for new writers');
    return this.#output.fd;
  }

  /** No further process gets the output: the log ends when those that have it are gone. */
  async seal(): Promise<void> {
    await this.#output?.close();
    this.#output = undefined;
  }

  /**
   * Waits for what is still on its way, appends `note` as a line, and closes.
   * @param patience Longest time, in milliseconds, for processes that outlive their job to close the output.
   */
  async finish(patience: number, note?: string): Promise<void> {
    await this.seal();
    const late = setTimeout(() => this.#source.destroy(), patience);
    await this.#written;
    clearTimeout(late);
    if (note !== undefined) await this.#write(`${note}\n`);
    await this.#file.close();
    this.#changed.notify();
  }

  async #copy(): Promise<void> {
    try {
      for await (const chunk of this.#source) await this.#append(chunk as Buffer);
    } catch {
      // Destroyed by finish(): a process that was not the job's any more kept the output open.
    }
  }

  async #append(chunk: Buffer): Promise<void> {
    if (this.#length > this.#limit) return;
    const fits = chunk.subarray(0, this.#limit - this.#length);
    this.#length += chunk.length;
    await this.#write(fits);
    if (this.#length > this.#limit) await this.#write(`\n[jupyterflow: cut after ${this.#limit} bytes]\n`);
    this.#changed.notify();
  }

  /** A job goes on when there is no space for its log. */
  async #write(data: Buffer | string): Promise<void> {
    await this.#file.appendFile(data).catch(() => (this.#length = Infinity));
  }
}

interface Fifo {
  readonly input: number;
  readonly output: FileHandle;
}

/** A pipe that children can be given as a file; Node itself makes only sockets for that. Its name is gone when this resolves. */
async function openFifo(path: string): Promise<Fifo> {
  await promisify(execFile)('mkfifo', ['-m', '600', path], { env: { PATH: '/usr/bin:/bin' } });
  try {
    // A plain number: the socket that reads it closes it. A FileHandle would close it again when it is collected.
    const input = await promisify(openFile)(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return { input, output: await open(path, constants.O_WRONLY) };
    } catch (error) {
      closeSync(input);
      throw error;
    }
  } finally {
    await rm(path, { force: true });
  }
}
