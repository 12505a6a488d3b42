import { createHash } from 'node:crypto';
import { publicKeyOf, signWith, verifyWith } from '../keys.js';

/**
 * Signed notes with Ed25519 keys: https://c2sp.org/signed-note. A note is a text that ends with a newline, an empty
 * line, and a line for each signature.
 */

/** Who may sign a note: a name and an Ed25519 public key. */
export interface NoteVerifier {
  /** Neither spaces nor plus signs. */
  readonly name: string;
  /** SPKI DER in base64. */
  readonly publicKey: string;
}

const ED25519 = Buffer.of(1);
/** Length of the head of SPKI before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+]+$/u;
const DASH = '\u2014';

/** Whether something can be the name of a key. */
export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** Signs a text that ends with a newline. */
export function signNote(text: string, name: string, privateKey: string): string {
  const signature = signWith(Buffer.from(text), privateKey);
  const stamp = Buffer.concat([keyHash({ name, publicKey: publicKeyOf(privateKey) }), signature]);
  return `${text}\n${DASH} ${name} ${stamp.toString('base64')}\n`;
}

/** The text of a note that a verifier signed; undefined when it did not, or this is no note. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const split = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, split);
  const lines = note.slice(split + 1).split('\n');
  if (split === 0 || lines.pop() !== '' || lines.length === 0) {
    return undefined;
  }
  const hash = keyHash(verifier);
  for (const line of lines) {
    const [dash, name, stamp, ...rest] = line.split(' ');
    const bytes = Buffer.from(stamp ?? '', 'base64');
    if (dash !== DASH || rest.length > 0 || bytes.length < hash.length || bytes.toString('base64') !== stamp) {
      return undefined;
    }
    const byVerifier = name === verifier.name && bytes.subarray(0, hash.length).equals(hash);
    const signature = bytes.subarray(hash.length).toString('base64');
    if (byVerifier && verifyWith(Buffer.from(text), signature, verifier.publicKey)) {
      return text;
    }
  }
  return undefined;
}

/** A verifier as a line of text: `<name>+<key hash>+<type and key in base64>`. */
export function formatVerifier(verifier: NoteVerifier): string {
  const key = Buffer.concat([ED25519, rawKey(verifier)]).toString('base64');
  return `${verifier.name}+${keyHash(verifier).toString('hex')}+${key}`;
}

/** Reads what {@link formatVerifier} wrote; undefined when it is anything else. */
export function parseVerifier(line: string): NoteVerifier | undefined {
  const match = /^([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/u.exec(line);
  const name = match?.[1];
  const key = Buffer.from(match?.[2] ?? '', 'base64');
  if (name === undefined || key[0] !== ED25519[0]) {
    return undefined;
  }
  const verifier = { name, publicKey: Buffer.concat([SPKI_HEAD, key.subarray(1)]).toString('base64') };
  return formatVerifier(verifier) === line ? verifier : undefined;
}

function keyHash(verifier: NoteVerifier): Buffer {
  return createHash('sha256')
    .update(verifier.name)
    .update('\n')
    .update(ED25519)
    .update(rawKey(verifier))
    .digest()
    .subarray(0, 4);
}

function rawKey(verifier: NoteVerifier): Buffer {
  return Buffer.from(verifier.publicKey, 'base64').subarray(SPKI_HEAD.length);
}
