import { emptyRoot, HASH_SIZE, nodeHash } from './hash.js';

/**
 * A Merkle tree (RFC 6962) that only grows. It keeps the hash of every complete subtree, so a root or a proof at any
 * size the tree ever had costs a logarithm of that size: 64 bytes a leaf, in flat memory.
 */
export class MerkleTree {
  /** `#levels[k].at(i)` covers the 2^k leaves from i * 2^k on. */
  readonly #levels: HashList[] = [new HashList()];

  get size(): number {
    return this.#level(0).length;
  }

  append(leaf: Uint8Array): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = this.#level(level);
      row.push(hash);
      if (row.length % 2 === 1) {
        return;
      }
      hash = nodeHash(row.at(row.length - 2), hash);
    }
  }

  /** Root of the first `size` leaves: RFC 6962 section 2.1. */
  root(size = this.size): Buffer {
    this.#assertSize(size);
    return size === 0 ? emptyRoot() : this.#subtree(0, size);
  }

  /** Audit path of a leaf in the tree of the first `size` leaves, from its sibling up: RFC 6962 section 2.1.1. */
  inclusion(index: number, size = this.size): readonly Buffer[] {
    this.#assertSize(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`no leaf ${index} among ${size}`);
    }
    const path: Buffer[] = [];
    for (let start = 0, end = size; end - start > 1;) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        path.push(this.#subtree(middle, end));
        end = middle;
      } else {
        path.push(this.#subtree(start, middle));
        start = middle;
      }
    }
    return path.reverse();
  }

  /**
   * Proof that the first `size` leaves begin with the first `old` ones: RFC 6962 section 2.1.2. Empty from and to the
   * same size, and from the empty tree.
   */
  consistency(old: number, size = this.size): readonly Buffer[] {
    this.#assertSize(size);
    if (!Number.isInteger(old) || old < 0 || old > size) {
      throw new RangeError(`no tree of ${old} leaves within ${size}`);
    }
    const path: Buffer[] = [];
    if (old === 0 || old === size) {
      return path;
    }
    let [start, end] = [0, size];
    // SUBPROOF(m, D[n], b): `old` less `start` is m, `end` less `start` is n; b holds as long as `start` is 0.
    while (old < end) {
      const middle = start + splitOf(end - start);
      if (old <= middle) {
        path.push(this.#subtree(middle, end));
        end = middle;
      } else {
        path.push(this.#subtree(start, middle));
        start = middle;
      }
    }
    if (start > 0) {
      path.push(this.#subtree(start, end));
    }
    return path.reverse();
  }

  /** Hash over the leaves from `start` to before `end`, a range that the splits of RFC 6962 make. */
  #subtree(start: number, end: number): Buffer {
    const count = end - start;
    const level = Math.log2(count);
    if (Number.isInteger(level)) {
      return this.#level(level).at(start / count);
    }
    const middle = start + splitOf(count);
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end));
  }

  #level(level: number): HashList {
    return (this.#levels[level] ??= new HashList());
  }

  #assertSize(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`the tree has ${this.size} leaves, not ${size}`);
    }
  }
}

/** Hashes in one piece of memory. */
class HashList {
  #bytes = Buffer.alloc(32 * HASH_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(hash: Uint8Array): void {
    const end = this.#length * HASH_SIZE;
    if (end === this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, end);
    this.#length += 1;
  }

  /** A view: what is in a list never changes. */
  at(index: number): Buffer {
    return this.#bytes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE);
  }
}

/** The largest power of two smaller than a count of at least 2. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
