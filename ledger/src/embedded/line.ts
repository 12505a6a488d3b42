import { leafBytes } from '../entry.js';
import type { KeptEntry } from '../log-ledger.js';
import { leafHash } from '../merkle/hash.js';
import type { StoredEntry } from '../replica.js';
import { signedProblem } from '../rules/check.js';
import { LAST_TIME } from '../rules/limits.js';
import { shown } from '../shown.js';
import { isCanonical } from './is-canonical.js';

// A line is itself canonical JSON: the entry, whose bytes are hashed into the tree, and that hash. With the hash
// beside it a damaged entry is found where it is, and not only by a root that does not come out.
const HEAD = '{"entry":';
const MIDDLE = ',"leaf":"';
const TAIL = '"}';
/** Length of a hash in base64. */
const HASH_TEXT = 44;

/** An entry as a line of the log, with its newline. */
export function formatLine({ bytes, hash }: Pick<KeptEntry, 'bytes' | 'hash'>): Buffer {
  return Buffer.concat([Buffer.from(HEAD), bytes, Buffer.from(`${MIDDLE}${hash.toString('base64')}${TAIL}\n`)]);
}

/** An entry as the line of the log that it is, for who verifies it elsewhere. */
export function logLine(entry: StoredEntry): Buffer {
  const bytes = leafBytes(entry);
  return formatLine({ bytes, hash: leafHash(bytes) });
}

/** The bytes of an entry, and their hash. */
export interface Leaf {
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** Reads the entry's bytes from a line without its newline; undefined when they are not those that were written. */
export function readLeaf(line: Buffer): Leaf | undefined {
  const end = line.length - MIDDLE.length - HASH_TEXT - TAIL.length;
  if (end < HEAD.length) {
    return undefined;
  }
  const bytes = line.subarray(HEAD.length, end);
  const hash = leafHash(bytes);
  const framed =
    line.toString('latin1', 0, HEAD.length) === HEAD &&
    line.toString('latin1', end) === `${MIDDLE}${hash.toString('base64')}${TAIL}`;
  return framed ? { bytes, hash } : undefined;
}

/** Reads the bytes of an entry; a text says what is wrong with them. */
export function parseEntry(bytes: Buffer): StoredEntry | string {
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isCanonical(bytes, text, value)) {
    return 'it is not canonical JSON';
  }
  const { index, time, signed } = (value ?? {}) as StoredEntry;
  const problem = signedProblem(signed)?.message;
  if (problem !== undefined) {
    // Words for who gives a command; whoever reads a log can't correct it.
    return shown(problem.replace(/^The command/, 'its command').replace(/\. Correct it and sign it again\.$/, ''));
  }
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(time) || Object.keys(value as object).length !== 3) {
    return 'it is not an entry';
  }
  return time < 0 || time > LAST_TIME ? `its time ${time} is not from 0 to ${LAST_TIME} ms` : { index, time, signed };
}
