import { canonicalJson } from './canonical.js';
import type { SignedCommand } from './commands.js';
import type { Entry, Refusal } from './ledger.js';
import { leafHash } from './merkle/hash.js';
import type { StoredEntry } from './replica.js';
import { signedProblem } from './rules/check.js';
import { refuse } from './rules/decision.js';

/**
 * Bytes of an entry that are hashed into the tree: canonical JSON of its index, its time and the signed command.
 *
 * @param text - the canonical JSON of the signed command, where it is there already
 */
export function leafBytes({ index, time, signed }: StoredEntry, text = canonicalJson(signed)): Buffer {
  return Buffer.from(`{"index":${index},"signed":${text},"time":${time}}`);
}

const BEFORE_ENVELOPE = '{"envelope":';
const AFTER_ENVELOPE = ',"signature":"';

/** The bytes that the organization signed, within those of a signed command or of its entry: both canonical JSON. */
export function envelopeBytes(bytes: Buffer): Buffer {
  // Before the envelope there is at most a number, after it only the signature and a number.
  return bytes.subarray(bytes.indexOf(BEFORE_ENVELOPE) + BEFORE_ENVELOPE.length, bytes.lastIndexOf(AFTER_ENVELOPE));
}

/** Hash of an entry in the tree: with it and an inclusion proof anyone can tell that the log has the entry. */
export function entryHash(entry: StoredEntry | Entry): Buffer {
  return leafHash(leafBytes(entry));
}

/** A signed command of a checked shape that no caller can change, and its canonical JSON. */
export interface OwnCommand {
  readonly signed: SignedCommand;
  readonly text: string;
}

/** Own copy of a signed command: what the caller does to theirs later is no matter. */
export function ownCommand(value: unknown): OwnCommand | Refusal {
  let text: string;
  let copy: unknown;
  try {
    text = canonicalJson(value);
    copy = JSON.parse(text);
  } catch {
    return refuse('INVALID', 'The command is not JSON. Correct it and sign it again.');
  }
  return signedProblem(copy) ?? { signed: copy as SignedCommand, text };
}
