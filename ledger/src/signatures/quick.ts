import { createRequire } from 'node:module';
import { verifyWith } from '../keys.js';
import { memo } from '../memo.js';

/** What is used of libsodium. */
interface Sodium {
  crypto_sign_verify_detached(signature: Buffer, message: Uint8Array, publicKey: Buffer): boolean;
}

/** Whether a signature (base64) over bytes is by an SPKI DER key in base64. */
export type Verify = typeof verifyWith;

/** Bytes of an Ed25519 signature. */
const SIGNATURE_SIZE = 64;
/** SPKI DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * As {@link verifyWith}, in about 0.6 of its time where libsodium is installed. Its yes counts, for it is the stricter
 * of the two; what it does not accept OpenSSL is asked.
 */
export function quickVerifier(): Verify {
  const sodium = loadSodium();
  return sodium === undefined
    ? verifyWith
    : (bytes, signature, publicKey) =>
        accepts(sodium, bytes, signature, publicKey) || verifyWith(bytes, signature, publicKey);
}

function accepts(sodium: Sodium, bytes: Uint8Array, signature: string, publicKey: string): boolean {
  const [key, signed] = [rawKey(publicKey), Buffer.from(signature, 'base64')];
  return key.length > 0 && signed.length === SIGNATURE_SIZE && sodium.crypto_sign_verify_detached(signed, bytes, key);
}

/** The 32 bytes of an Ed25519 key; none of any other key. */
const rawKey = memo(1000, publicKey => {
  const der = Buffer.from(publicKey, 'base64');
  return der.length === SPKI.length + 32 && der.subarray(0, SPKI.length).equals(SPKI)
    ? der.subarray(SPKI.length)
    : Buffer.alloc(0);
});

function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    // There is none for this platform.
    return undefined;
  }
}
