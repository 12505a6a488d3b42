import { createReadStream } from 'node:fs';

/** Bytes that are read at once: what is made of them should be garbage before it has grown old. */
const PIECE = 64 * 1024;
const NEWLINE = 0x0a;
/** Bytes of the longest line of a log, generously: no entry that the rules accept comes near it. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** A line without its newline; the last one of a file may lack it, and is then not whole. */
export interface Line {
  readonly bytes: Buffer;
  readonly whole: boolean;
  /** Where it starts in the file. */
  readonly offset: number;
  /** Set when it is a piece of a line that is too long, and not the first: such a line is never put together. */
  readonly continues?: true;
}

export interface LinesOptions {
  /** Where to begin in the file, bytes. @defaultValue 0 */
  readonly from?: number;
  /** Bytes that are read at once. */
  readonly piece?: number;
  /** Bytes of the longest line, without its newline. @defaultValue {@link LONGEST_LINE} */
  readonly longest?: number;
}

/**
 * The lines of a file, in bunches: one for each piece of the file that is read. A line that is too long comes in pieces
 * that are not whole, with its newline.
 */
export async function* linesOf(
  path: string,
  { from = 0, piece = PIECE, longest = LONGEST_LINE }: LinesOptions = {}
): AsyncGenerator<readonly Line[], void> {
  const cut = new Cutter(from, longest);
  const stream = createReadStream(path, { start: from, highWaterMark: piece });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    yield cut.lines(chunk);
  }
  const last = cut.end();
  if (last !== undefined) {
    yield [last];
  }
}

/** Cuts the pieces of a file into lines. */
class Cutter {
  readonly #longest: number;
  #offset: number;
  /** The beginning of a line whose end has not come yet, and its length. */
  #rest: Buffer[] = [];
  #held = 0;
  /** Whether that line was too long, and its beginning is given out. */
  #continues = false;

  constructor(offset: number, longest: number) {
    this.#offset = offset;
    this.#longest = longest;
  }

  lines(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const long = this.#continues || this.#held + end - start > this.#longest;
      this.#hold(chunk.subarray(start, long ? end + 1 : end));
      lines.push(this.#take(!long));
      this.#offset += long ? 0 : 1;
      this.#continues = false;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#hold(chunk.subarray(start));
    }
    if (this.#held > this.#longest || (this.#continues && this.#held > 0)) {
      lines.push(this.#take(false));
      this.#continues = true;
    }
    return lines;
  }

  end(): Line | undefined {
    return this.#held === 0 ? undefined : this.#take(false);
  }

  #hold(piece: Buffer): void {
    this.#rest.push(piece);
    this.#held += piece.length;
  }

  #take(whole: boolean): Line {
    const bytes = this.#rest.length === 1 ? (this.#rest[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#rest);
    const line = { bytes, whole, offset: this.#offset, ...(this.#continues && { continues: true as const }) };
    this.#offset += bytes.length;
    this.#rest = [];
    this.#held = 0;
    return line;
  }
}
