import { sha256 } from '../sha256.js';

/**
 * The root of a tree (RFC 6962, section 2.1) from its entries one after another, with nothing kept but the roots of
 * the complete subtrees so far. For who verifies: it shares no code with the tree of who writes.
 */
export class Peaks {
  /** From the largest subtree to the smallest: one for each bit of the size. */
  readonly #peaks: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(entry: Uint8Array): void {
    let hash = prefixed(0, entry);
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hash = prefixed(1, this.#peaks.pop() ?? Buffer.alloc(0), hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  root(): Buffer {
    const [last, ...before] = [...this.#peaks].reverse();
    return last === undefined ? sha256('') : before.reduce((right, left) => prefixed(1, left, right), last);
  }
}

function prefixed(prefix: number, ...parts: readonly Uint8Array[]): Buffer {
  return sha256(Buffer.concat([Buffer.of(prefix), ...parts]));
}
