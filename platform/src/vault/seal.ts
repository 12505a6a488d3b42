import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyEncryptionKey } from './keys.js';

/**
 * Envelope encryption of storage details: a random key of the dataset (DEK) seals the text, the key of the organization
 * (KEK) seals the DEK; both by AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce. What is bound as additional data:
 * the purpose, the dataset and the KEK, so that an envelope is good at one place only.
 */
interface Envelope {
  readonly v: 1;
  readonly kek: string;
  readonly dek: Box;
  readonly text: Box;
}

/** Nonce, tag and ciphertext, base64. */
interface Box {
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
}

/** An envelope was changed, belongs to another dataset, or was sealed by another key. */
export class UnsealError extends Error {
  override name = 'UnsealError';
}

/** Seals a text for one dataset. */
export function seal(text: string, dataset: string, kek: KeyEncryptionKey): string {
  const dek = randomBytes(32);
  const envelope: Envelope = {
    v: 1,
    kek: kek.id,
    dek: encrypt(dek, Buffer.from(kek.key, 'base64'), binding('dek', dataset, kek)),
    text: encrypt(Buffer.from(text), dek, binding('storage', dataset, kek))
  };
  dek.fill(0);
  return JSON.stringify(envelope);
}

/** Opens what {@link seal} made. @throws UnsealError when it is not exactly that */
export function unseal(sealed: string, dataset: string, kek: KeyEncryptionKey): string {
  try {
    const envelope = JSON.parse(sealed) as Envelope;
    // The version and the name of the key are not inside the ciphertext: whoever changes them gets nothing either.
    if ((envelope.v as number) !== 1 || envelope.kek !== kek.id) throw new Error('not sealed by this key');
    const dek = decrypt(envelope.dek, Buffer.from(kek.key, 'base64'), binding('dek', dataset, kek));
    const text = decrypt(envelope.text, dek, binding('storage', dataset, kek)).toString();
    dek.fill(0);
    return text;
  } catch {
    throw new UnsealError(
      `the storage details of ${dataset} can not be opened: they were changed, or the key is another`
    );
  }
}

const binding = (purpose: string, dataset: string, kek: KeyEncryptionKey): Buffer =>
  Buffer.from(JSON.stringify(['jupyterflow/vault/1', purpose, dataset, kek.id]));

function encrypt(data: Buffer, key: Buffer, bound: Buffer): Box {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
  const sealed = Buffer.concat([cipher.update(data), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: sealed.toString('base64')
  };
}

function decrypt(box: Box, key: Buffer, bound: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.nonce, 'base64'), { authTagLength: 16 })
    .setAAD(bound)
    .setAuthTag(Buffer.from(box.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(box.data, 'base64')), decipher.final()]);
}
