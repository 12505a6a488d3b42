import { open, type FileHandle } from 'node:fs/promises';
import type { Signal } from './signal.js';

const BLOCK = 64 * 1024;
const NEWLINE = 0x0a;

export interface ReadOptions {
  /** Only the last n lines of what is there at first. */
  readonly tail?: number;
  readonly signal?: AbortSignal;
  /** Notified when there may be more. */
  readonly changed: Signal;
  /** Whether nothing more comes, or nothing more is wanted than what is there now. */
  readonly isComplete: () => boolean;
}

/** The text of a log, as it grows. */
export async function* readLog(path: string, options: ReadOptions): AsyncGenerator<string> {
  const { tail, signal, changed, isComplete } = options;
  let reader: LogReader | undefined;
  try {
    for (;;) {
      const complete = isComplete() || signal?.aborted === true;
      const more = complete ? undefined : changed.next(signal);
      if (reader === undefined) {
        reader = await LogReader.open(path);
        if (tail !== undefined) await reader?.skipToTail(tail);
      }
      if (reader !== undefined) yield* reader.rest();
      if (complete) break;
      await more;
    }
    const unfinished = reader?.end() ?? '';
    if (unfinished !== '') yield unfinished;
  } finally {
    await reader?.close();
  }
}

/** Reads a file that may still grow. */
class LogReader {
  readonly #file: FileHandle;
  readonly #decoder = new TextDecoder();
  readonly #block = Buffer.alloc(BLOCK);
  #position = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Undefined when there is no such log. */
  static async open(path: string): Promise<LogReader | undefined> {
    try {
      return new LogReader(await open(path, 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Goes to the start of the last `lines` lines of what is there now. */
  async skipToTail(lines: number): Promise<void> {
    let end = (await this.#file.stat()).size;
    this.#position = end;
    // A newline at the very end closes the last line; every other one is a border between two lines.
    for (let borders = lines, last = true; end > 0 && borders > 0;) {
      const start = Math.max(0, end - BLOCK);
      const { bytesRead } = await this.#file.read(this.#block, 0, end - start, start);
      let at = bytesRead - 1;
      if (last && this.#block[at] === NEWLINE) at -= 1;
      last = false;
      for (; at >= 0 && borders > 0; at -= 1) if (this.#block[at] === NEWLINE) borders -= 1;
      this.#position = borders === 0 ? start + at + 2 : start;
      end = start;
    }
  }

  /** What was added since the last call; bytes of an unfinished character wait for the rest. */
  async *rest(): AsyncGenerator<string> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#block, 0, BLOCK, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const text = this.#decoder.decode(this.#block.subarray(0, bytesRead), { stream: true });
      if (text !== '') yield text;
    }
  }

  /** The bytes of a character that never was finished, if any. */
  end(): string {
    return this.#decoder.decode();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
