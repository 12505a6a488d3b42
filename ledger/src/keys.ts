import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify
} from 'node:crypto';
import { canonicalJson } from './canonical.js';
import type { Envelope, SignedCommand } from './commands.js';
import { memo } from './memo.js';
import { proofOfPossession } from './rules/organization-rotate.js';

/** An Ed25519 key pair (RFC 8032). */
export interface KeyPair {
  /** SPKI DER in base64: what an organization joins with. */
  readonly publicKey: string;
  /** PKCS#8 DER in base64: a secret. */
  readonly privateKey: string;
}

export function createKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' }
  });
  return { publicKey: publicKey.toString('base64'), privateKey: privateKey.toString('base64') };
}

/**
 * Signs a command for its organization: Ed25519 over the canonical JSON of the envelope.
 *
 * @param privateKey - PKCS#8 DER in base64
 * @throws TypeError, when the envelope is no JSON value; Error, when the key is not one
 */
export function sign(envelope: Envelope, privateKey: string): SignedCommand {
  return { envelope, signature: signWith(Buffer.from(canonicalJson(envelope)), privateKey).toString('base64') };
}

/** SHA-256 of a public key's SPKI DER, in base64: what people compare. */
export function fingerprint(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64');
}

/** Ed25519 over bytes with a PKCS#8 DER key in base64. */
export function signWith(bytes: Uint8Array, privateKey: string): Buffer {
  return signBytes(null, bytes, privateKeyObject(privateKey));
}

/** The public half of a PKCS#8 DER key in base64, as SPKI DER in base64. */
export function publicKeyOf(privateKey: string): string {
  return publicHalf(privateKey);
}

/** Whether a signature (base64) over bytes is by an SPKI DER key in base64. */
export function verifyWith(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    return verify(null, bytes, publicKeyObject(publicKey), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** As {@link verifyWith}, on another thread: for many signatures at once. */
export function verifyWithLater(bytes: Uint8Array, signature: string, publicKey: string): Promise<boolean> {
  return new Promise(resolve => {
    try {
      verify(null, bytes, publicKeyObject(publicKey), Buffer.from(signature, 'base64'), (error, good) =>
        resolve(error === null && good)
      );
    } catch {
      resolve(false);
    }
  });
}

/** Whether a command carries the signature of the holder of this key. */
export function isSignedBy(signed: SignedCommand, publicKey: string): boolean {
  return verifyWith(Buffer.from(canonicalJson(signed.envelope)), signed.signature, publicKey);
}

/** Whether a command that brings a new key proves that its organization has it; true for all others. */
export function provesPossession(envelope: Envelope): boolean {
  const possession = proofOfPossession(envelope);
  return (
    possession === undefined ||
    verifyWith(Buffer.from(canonicalJson(possession.statement)), possession.signature, possession.publicKey)
  );
}

/**
 * Signs the change of an organization's key: with the new key for the proof, and with the old one.
 *
 * @param fresh - the new keys, and the public key of the witness where that changes as well
 * @param privateKey - the old one, PKCS#8 DER in base64
 */
export function signRotation(
  envelope: Omit<Envelope, 'command'>,
  fresh: KeyPair & { readonly witness?: string },
  privateKey: string
): SignedCommand {
  const { publicKey, witness } = fresh;
  const command = { type: 'organization.rotate', publicKey, ...(witness !== undefined && { witness }) } as const;
  const statement = Buffer.from(canonicalJson({ ...envelope, command }));
  const proof = signWith(statement, fresh.privateKey).toString('base64');
  return sign({ ...envelope, command: { ...command, proof } }, privateKey);
}

// Reading a key takes longer than signing or verifying with it.
const privateKeyObject = memo(16, key =>
  createPrivateKey({ key: Buffer.from(key, 'base64'), type: 'pkcs8', format: 'der' })
);
const publicHalf = memo(16, key =>
  createPublicKey(privateKeyObject(key)).export({ type: 'spki', format: 'der' }).toString('base64')
);
const publicKeyObject = memo(1000, key =>
  createPublicKey({ key: Buffer.from(key, 'base64'), type: 'spki', format: 'der' })
);
