import type { Verify } from './quick.js';

/** A signature that is asked about. */
export interface SignatureCheck {
  /** What was signed. */
  readonly bytes: Uint8Array;
  /** base64 */
  readonly signature: string;
  /** SPKI DER in base64. */
  readonly publicKey: string;
}

/** Signatures as they are sent to another thread: one copy of all bytes, not the buffers that they are part of. */
export interface SignatureBatch {
  readonly bytes: Uint8Array;
  /** Where the bytes of each signature end. */
  readonly ends: readonly number[];
  readonly signatures: readonly string[];
  readonly publicKeys: readonly string[];
}

export function packBatch(checks: readonly SignatureCheck[]): SignatureBatch {
  let end = 0;
  return {
    bytes: Buffer.concat(checks.map(({ bytes }) => bytes)),
    ends: checks.map(({ bytes }) => (end += bytes.length)),
    signatures: checks.map(({ signature }) => signature),
    publicKeys: checks.map(({ publicKey }) => publicKey)
  };
}

/** Place of the first signature that is not good; -1 when all are. */
export function firstBadOf({ bytes, ends, signatures, publicKeys }: SignatureBatch, verify: Verify): number {
  return ends.findIndex(
    (end, n) => !verify(bytes.subarray(ends[n - 1] ?? 0, end), signatures[n] ?? '', publicKeys[n] ?? '')
  );
}
