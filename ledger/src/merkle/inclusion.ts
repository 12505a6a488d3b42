import type { InclusionProof } from '../ledger.js';
import { HASH_SIZE, nodeHash } from './hash.js';

/**
 * The root that an inclusion proof leads to from a leaf (RFC 9162, section 2.1.3.2); undefined when the proof is
 * malformed. The leaf is in the tree when this is the root of a checkpoint of the proof's size.
 */
export function rootOfProof(leaf: Uint8Array, proof: InclusionProof): Buffer | undefined {
  const { index, size } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    return undefined;
  }
  let node = index;
  let last = size - 1;
  let root: Uint8Array = leaf;
  for (const text of proof.hashes) {
    const hash = Buffer.from(text, 'base64');
    if (last === 0 || hash.length !== HASH_SIZE) {
      return undefined;
    }
    if (node % 2 === 1 || node === last) {
      root = nodeHash(hash, root);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      root = nodeHash(root, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? Buffer.from(root) : undefined;
}
