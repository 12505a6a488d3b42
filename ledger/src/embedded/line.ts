import { canonicalJson } from '../canonical.js';
import { ownCommand } from '../entry.js';
import type { KeptEntry } from '../log-ledger.js';
import { leafHash } from '../merkle/hash.js';
import type { StoredEntry } from '../replica.js';
import { isRefusal } from '../rules/decision.js';

// A line is itself canonical JSON: the entry, whose bytes are hashed into the tree, and that hash. With the hash
// beside it a damaged entry is found where it is, and not only by a root that does not come out.
const HEAD = Buffer.from('{"entry":');
const MIDDLE = Buffer.from(',"leaf":"');
const TAIL = Buffer.from('"}');
const HASH_TEXT = 44;

/** An entry as a line of the log, with its newline. */
export function formatLine({ bytes, hash }: KeptEntry): Buffer {
  return Buffer.concat([HEAD, bytes, MIDDLE, Buffer.from(`${hash.toString('base64')}"}\n`)]);
}

export interface ParsedLine {
  readonly stored: StoredEntry;
  readonly hash: Buffer;
}

/** Reads a line without its newline; a text says what is wrong with it. */
export function parseLine(line: Buffer): ParsedLine | string {
  const end = line.length - MIDDLE.length - HASH_TEXT - TAIL.length;
  const bytes = line.subarray(HEAD.length, Math.max(end, HEAD.length));
  const hash = leafHash(bytes);
  if (!formatLine({ bytes, hash }).subarray(0, -1).equals(line)) {
    return 'its bytes are not those that were written';
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return 'it is not JSON';
  }
  if (!Buffer.from(canonicalJson(value)).equals(bytes)) {
    return 'it is not canonical JSON';
  }
  const { index, time, signed } = value as StoredEntry;
  const command = ownCommand(signed);
  if (isRefusal(command)) {
    return command.message;
  }
  return Number.isSafeInteger(index) && Number.isSafeInteger(time) && Object.keys(value as object).length === 3
    ? { stored: { index, time, signed: command }, hash }
    : 'it is not an entry';
}
