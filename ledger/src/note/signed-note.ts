import { createHash } from 'node:crypto';
import { publicKeyOf, signWith, verifyWith } from '../keys.js';

/**
 * Signed notes with Ed25519 keys: https://c2sp.org/signed-note. A note is a text that ends with a newline, an empty
 * line, and a line for each signature.
 */

/** Who may sign a note: a name and an Ed25519 public key. */
export interface NoteVerifier {
  /** Neither spaces nor plus signs, nor what would steer a terminal. */
  readonly name: string;
  /** SPKI DER in base64. */
  readonly publicKey: string;
}

/** What a key signs: any note, or checkpoints of others with a time (https://c2sp.org/tlog-cosignature). */
export type KeyType = 'note' | 'cosignature';
const TYPES: Readonly<Record<KeyType, number>> = { note: 1, cosignature: 4 };
/** Length of the head of SPKI before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
// The specification leaves out spaces and plus signs; a name is also printed, so control characters are refused too.
const NAME = /^[^\s+\p{Cc}\p{Cf}\p{Cs}]+$/u;
/** Bytes of a key hash. */
const HASH = 4;
const DASH = '\u2014';

/** Whether something can be the name of a key. */
export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** Signs a text that ends with a newline. */
export function signNote(text: string, name: string, privateKey: string): string {
  const signature = signWith(Buffer.from(text), privateKey);
  return `${text}\n${signatureLine({ name, publicKey: publicKeyOf(privateKey) }, 'note', signature)}`;
}

/** A line of a note with a signature. */
export function signatureLine(signer: NoteVerifier, type: KeyType, signature: Uint8Array): string {
  return `${DASH} ${signer.name} ${Buffer.concat([keyHash(signer, type), signature]).toString('base64')}\n`;
}

/** A note, taken apart. */
export interface Note {
  /** What is signed; ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  readonly keyHash: Buffer;
  readonly bytes: Buffer;
}

/** Most signatures of a note that are looked at. */
const MAX_SIGNATURES = 100;

/** Takes a note apart; undefined when it is none. */
export function parseNote(note: string): Note | undefined {
  const split = note.lastIndexOf('\n\n') + 1;
  const lines = note.slice(split + 1).split('\n');
  if (split === 0 || lines.pop() !== '' || lines.length === 0 || lines.length > MAX_SIGNATURES) {
    return undefined;
  }
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [dash, name, stamp, ...rest] = line.split(' ');
    const bytes = Buffer.from(stamp ?? '', 'base64');
    const whole = bytes.length > HASH && bytes.toString('base64') === stamp;
    if (dash !== DASH || name === undefined || !isKeyName(name) || !whole || rest.length > 0) {
      return undefined;
    }
    signatures.push({ name, keyHash: bytes.subarray(0, HASH), bytes: bytes.subarray(HASH) });
  }
  return { text: note.slice(0, split), signatures };
}

/** The signatures of a note that say they are by this key. */
export function signaturesOf({ signatures }: Note, verifier: NoteVerifier, type: KeyType): readonly Buffer[] {
  const hash = keyHash(verifier, type);
  return signatures.filter(one => one.name === verifier.name && one.keyHash.equals(hash)).map(({ bytes }) => bytes);
}

/** The text of a note that a verifier signed; undefined when it did not, or this is no note. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const parsed = parseNote(note);
  const good =
    parsed !== undefined &&
    signaturesOf(parsed, verifier, 'note').some(bytes =>
      verifyWith(Buffer.from(parsed.text), bytes.toString('base64'), verifier.publicKey)
    );
  return good ? parsed.text : undefined;
}

/** A verifier as a line of text: `<name>+<key hash>+<type and key in base64>`. */
export function formatVerifier(verifier: NoteVerifier, type: KeyType = 'note'): string {
  const key = Buffer.concat([Buffer.of(TYPES[type]), rawKey(verifier)]).toString('base64');
  return `${verifier.name}+${keyHash(verifier, type).toString('hex')}+${key}`;
}

/** Reads what {@link formatVerifier} wrote; undefined when it is anything else. */
export function parseVerifier(line: string, type: KeyType = 'note'): NoteVerifier | undefined {
  const match = /^([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/u.exec(line);
  const name = match?.[1];
  const key = Buffer.from(match?.[2] ?? '', 'base64');
  if (name === undefined || !isKeyName(name) || key[0] !== TYPES[type]) {
    return undefined;
  }
  const verifier = { name, publicKey: Buffer.concat([SPKI_HEAD, key.subarray(1)]).toString('base64') };
  return formatVerifier(verifier, type) === line ? verifier : undefined;
}

function keyHash(verifier: NoteVerifier, type: KeyType): Buffer {
  return createHash('sha256')
    .update(verifier.name)
    .update('\n')
    .update(Buffer.of(TYPES[type]))
    .update(rawKey(verifier))
    .digest()
    .subarray(0, HASH);
}

function rawKey(verifier: NoteVerifier): Buffer {
  return Buffer.from(verifier.publicKey, 'base64').subarray(SPKI_HEAD.length);
}
