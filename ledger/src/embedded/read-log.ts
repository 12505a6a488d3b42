import { createReadStream } from 'node:fs';
import { MerkleTree } from '../merkle/tree.js';
import { Draft, Replica } from '../replica.js';
import { parseLine } from './line.js';

/** A log as far as it could be read. */
export interface LogRead {
  readonly replica: Replica;
  readonly tree: MerkleTree;
  /** Bytes of the entries that were read. */
  readonly length: number;
  /** Bytes of the file. */
  readonly fileLength: number;
  /** Why the reading stopped before the end. */
  readonly problem?: LogProblem;
}

export interface LogProblem {
  /** Index of the entry. */
  readonly index: number;
  /** Where its line starts, bytes. */
  readonly offset: number;
  readonly reason: string;
  /** Whether its bytes are damaged; else they are as written but the rules do not accept the entry. */
  readonly damaged: boolean;
}

/**
 * Reads a log from its bytes and decides every entry again.
 *
 * @param trusted - number of entries whose signatures are known to be good
 */
export async function readLog(path: string, trusted: number): Promise<LogRead> {
  const replica = new Replica();
  const tree = new MerkleTree();
  let offset = 0;
  let problem: LogProblem | undefined;
  let fileLength = 0;
  for await (const { line, whole } of linesOf(path)) {
    fileLength += line.length + (whole ? 1 : 0);
    problem ??= readLine(line, whole, replica, tree, trusted, offset);
    if (problem === undefined) {
      offset = fileLength;
    }
  }
  return { replica, tree, length: offset, fileLength, ...(problem === undefined ? {} : { problem }) };
}

function readLine(
  line: Buffer,
  whole: boolean,
  replica: Replica,
  tree: MerkleTree,
  trusted: number,
  offset: number
): LogProblem | undefined {
  const index = tree.size;
  if (!whole) {
    return { index, offset, reason: 'it is not whole', damaged: true };
  }
  const parsed = parseLine(line);
  if (typeof parsed === 'string') {
    return { index, offset, reason: parsed, damaged: true };
  }
  const draft = new Draft(replica);
  const reason = draft.replay(parsed.stored, index < trusted);
  if (reason !== undefined) {
    return { index, offset, reason, damaged: false };
  }
  replica.commit(draft);
  tree.append(parsed.hash);
  return undefined;
}

/** The lines of a file without their newlines; the last one may lack its own and is then not whole. */
async function* linesOf(path: string): AsyncGenerator<{ readonly line: Buffer; readonly whole: boolean }, void> {
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      yield { line: Buffer.concat([...parts, chunk.subarray(start, end)]), whole: true };
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start));
    }
  }
  if (parts.length > 0) {
    yield { line: Buffer.concat(parts), whole: false };
  }
}
