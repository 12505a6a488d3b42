import { sha256 } from '../sha256.js';

/** Bytes of a hash. */
export const HASH_SIZE = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** Hash of an entry: SHA-256(0x00 || entry), RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, entry]));
}

/** Hash of two subtrees: SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]));
}

/** Root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return sha256('');
}
