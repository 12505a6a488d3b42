import { publicKeyOf, signWith, verifyWith } from '../keys.js';
import { parseNote, signatureLine, signaturesOf, type NoteVerifier } from './signed-note.js';

/** Bytes of the time before the signature. */
const TIME = 8;

/**
 * A witness's line for a checkpoint: "as of this time this is the largest tree of this log that I have seen, and it
 * begins with all that I saw before". https://c2sp.org/tlog-cosignature, Ed25519.
 *
 * @param text - of the checkpoint, without signatures
 * @param time - seconds since 1970
 */
export function cosign(text: string, name: string, privateKey: string, time: number): string {
  const stamp = Buffer.alloc(TIME);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = signWith(message(text, BigInt(time)), privateKey);
  const signer = { name, publicKey: publicKeyOf(privateKey) };
  return signatureLine(signer, 'cosignature', Buffer.concat([stamp, signature]));
}

/** When a witness cosigned a checkpoint, seconds since 1970; undefined when it did not. */
export function cosignedAt(note: string, witness: NoteVerifier): number | undefined {
  const parsed = parseNote(note);
  for (const bytes of parsed === undefined ? [] : signaturesOf(parsed, witness, 'cosignature')) {
    const time = bytes.length > TIME ? bytes.readBigUInt64BE() : undefined;
    const signature = bytes.subarray(TIME).toString('base64');
    if (
      time !== undefined &&
      time <= BigInt(Number.MAX_SAFE_INTEGER) &&
      verifyWith(message(parsed?.text ?? '', time), signature, witness.publicKey)
    ) {
      return Number(time);
    }
  }
  return undefined;
}

function message(text: string, time: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}
