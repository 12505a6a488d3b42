import { createReadStream } from 'node:fs';

/** Bytes that are read at once: what is made of them should be garbage before it has grown old. */
const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** A line without its newline; the last one of a file may lack it, and is then not whole. */
export interface Line {
  readonly bytes: Buffer;
  readonly whole: boolean;
  /** Where it starts in the file. */
  readonly offset: number;
}

/** The lines of a file from an offset on, in bunches: one for each piece of the file that is read. */
export async function* linesOf(path: string, from = 0, highWaterMark = CHUNK): AsyncGenerator<readonly Line[], void> {
  let rest: Buffer[] = [];
  let offset = from;
  const stream = createReadStream(path, { start: from, highWaterMark });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      const bytes = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      lines.push({ bytes, whole: true, offset });
      offset += bytes.length + 1;
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
    }
    yield lines;
  }
  if (rest.length > 0) {
    yield [{ bytes: Buffer.concat(rest), whole: false, offset }];
  }
}
