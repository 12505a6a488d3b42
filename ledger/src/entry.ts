import { canonicalJson } from './canonical.js';
import type { SignedCommand } from './commands.js';
import type { Entry, Refusal } from './ledger.js';
import { leafHash } from './merkle/hash.js';
import type { StoredEntry } from './replica.js';
import { signedProblem } from './rules/check.js';
import { refuse } from './rules/decision.js';

/** Bytes of an entry that are hashed into the tree: canonical JSON of its index, its time and the signed command. */
export function leafBytes({ index, time, signed }: StoredEntry): Buffer {
  return Buffer.from(canonicalJson({ index, signed, time }));
}

const BEFORE_ENVELOPE = '"signed":{"envelope":';
const AFTER_ENVELOPE = ',"signature":"';

/** The bytes that the organization signed, within the bytes of an entry. */
export function envelopeBytes(leaf: Buffer): Buffer {
  // Before the envelope there is only a number, after it only the signature and a number.
  return leaf.subarray(leaf.indexOf(BEFORE_ENVELOPE) + BEFORE_ENVELOPE.length, leaf.lastIndexOf(AFTER_ENVELOPE));
}

/** Hash of an entry in the tree: with it and an inclusion proof anyone can tell that the log has the entry. */
export function entryHash(entry: StoredEntry | Entry): Buffer {
  return leafHash(leafBytes(entry));
}

/** Own copy of a signed command, of a checked shape: what the caller does to theirs later is no matter. */
export function ownCommand(value: unknown): SignedCommand | Refusal {
  let copy: unknown;
  try {
    copy = JSON.parse(canonicalJson(value));
  } catch {
    return refuse('INVALID', 'The command is not JSON. Correct it and sign it again.');
  }
  return signedProblem(copy) ?? (copy as SignedCommand);
}
