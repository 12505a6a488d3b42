import { emptyRoot, HASH_SIZE, nodeHash } from './hash.js';

/** A tree at a size. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Whether a proof shows that a tree begins with an older one: RFC 6962, section 2.1.2. The empty tree is the beginning
 * of any, and needs no proof.
 */
export function isConsistent(old: TreeHead, now: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (![old.size, now.size].every(Number.isSafeInteger) || old.size < 0 || old.size > now.size) {
    return false;
  }
  if (old.size === 0 || old.size === now.size) {
    return proof.length === 0 && equal(old.size === 0 ? emptyRoot() : now.root, old.root);
  }
  if (proof.some(({ length }) => length !== HASH_SIZE)) {
    return false;
  }
  // Where the old size is a power of two its root is the first node, and is not in the proof.
  const path = Number.isInteger(Math.log2(old.size)) ? [old.root, ...proof] : proof;
  const roots = rootsOf(old.size, now.size, path);
  return roots !== undefined && equal(roots.old, old.root) && equal(roots.now, now.root);
}

/** The roots of both trees that a path leads to: RFC 9162, section 2.1.4.2, steps 3 to 6. */
function rootsOf(
  oldSize: number,
  size: number,
  [first, ...path]: readonly Uint8Array[]
): { readonly old: Uint8Array; readonly now: Uint8Array } | undefined {
  let [node, last] = [oldSize - 1, size - 1];
  while (node % 2 === 1) {
    [node, last] = [half(node), half(last)];
  }
  if (first === undefined) {
    return undefined;
  }
  let [old, now] = [first, first];
  for (const hash of path) {
    if (last === 0) {
      return undefined;
    }
    if (node % 2 === 1 || node === last) {
      [old, now] = [nodeHash(hash, old), nodeHash(hash, now)];
      while (node % 2 === 0 && node !== 0) {
        [node, last] = [half(node), half(last)];
      }
    } else {
      now = nodeHash(now, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? { old, now } : undefined;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
