import { emptyRoot, nodeHash } from './hash.js';

/**
 * A Merkle tree (RFC 6962) that only grows. It keeps the hash of every complete subtree, so a root or a proof at any
 * size the tree ever had costs a logarithm of that size.
 */
export class MerkleTree {
  /** `#levels[k][i]` covers the 2^k leaves from i * 2^k on. */
  readonly #levels: Buffer[][] = [[]];

  get size(): number {
    return this.#level(0).length;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = this.#level(level);
      row.push(hash);
      const left = row.at(-2);
      if (row.length % 2 === 1 || left === undefined) {
        return;
      }
      hash = nodeHash(left, hash);
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

  /** Hash over the leaves from `start` to before `end`, a range that the splits of RFC 6962 make. */
  #subtree(start: number, end: number): Buffer {
    const count = end - start;
    const level = Math.log2(count);
    const kept = Number.isInteger(level) ? this.#level(level)[start / count] : undefined;
    if (kept !== undefined) {
      return kept;
    }
    const middle = start + splitOf(count);
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end));
  }

  #level(level: number): Buffer[] {
    return (this.#levels[level] ??= []);
  }

  #assertSize(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`the tree has ${this.size} leaves, not ${size}`);
    }
  }
}

/** The largest power of two smaller than a count of at least 2. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
