import { sha256 } from './sha256.js';

/** Bytes of a digest: nobody can find two ids of one digest, so an id need not be compared itself. */
const DIGEST = 16;
/** Most of the slots that are in use before there are made twice as many. */
const LOAD = 0.5;

/**
 * Which entry has which command id: the command ids of a log are unique for ever, so they are many. Kept as digests in
 * flat memory, some 30 bytes an id; the n-th id that is added is that of entry n.
 */
export class IdIndex {
  #count = 0;
  #digests = Buffer.alloc(1024 * DIGEST);
  /** Open addressing with linear probing: the index of the entry plus one, 0 is free. */
  #slots = new Uint32Array(2048);

  /** An index of the digests that {@link digests} gave. */
  static from(digests: Buffer): IdIndex {
    const index = new IdIndex();
    for (let at = 0; at + DIGEST <= digests.length; at += DIGEST) {
      index.#add(digests.subarray(at, at + DIGEST));
    }
    return index;
  }

  get count(): number {
    return this.#count;
  }

  /** The digests of all ids so far, in order. What it gives never changes. */
  digests(): Buffer {
    return this.#digests.subarray(0, this.#count * DIGEST);
  }

  add(id: string): void {
    this.#add(digestOf(id));
  }

  /** Index of the entry with this command id. */
  find(id: string): number | undefined {
    const digest = digestOf(id);
    const found = this.#slots[this.#slotOf(digest)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  #add(digest: Buffer): void {
    if ((this.#count + 1) * DIGEST > this.#digests.length) {
      const larger = Buffer.alloc(this.#digests.length * 2);
      this.#digests.copy(larger);
      this.#digests = larger;
    }
    digest.copy(this.#digests, this.#count * DIGEST);
    this.#count += 1;
    this.#slots[this.#slotOf(digest)] = this.#count;
    if (this.#count > this.#slots.length * LOAD) {
      this.#spread();
    }
  }

  /** The slot of a digest, or the free one where it belongs. */
  #slotOf(digest: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = digest.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      const start = (entry - 1) * DIGEST;
      if (entry === 0 || digest.compare(this.#digests, start, start + DIGEST) === 0) {
        return slot;
      }
    }
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let n = 0; n < this.#count; n++) {
      const digest = this.#digests.subarray(n * DIGEST, (n + 1) * DIGEST);
      this.#slots[this.#slotOf(digest)] = n + 1;
    }
  }
}

function digestOf(id: string): Buffer {
  return sha256(id).subarray(0, DIGEST);
}
