/** Every how many entries the place of one is kept in memory; the others are found by reading on from there. */
const STEP = 64;

/** Where entries begin in a file or in several, for those whose index is a multiple of 64. */
export class Places {
  readonly #offsets: number[];

  constructor(offsets: readonly number[] = []) {
    this.#offsets = [...offsets];
  }

  /** The offset of every 64th entry. */
  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /** Notes where an entry begins, bytes; entries come in order. */
  add(index: number, offset: number): void {
    if (index % STEP === 0) {
      this.#offsets[index / STEP] = offset;
    }
  }

  /** The last place at or before an entry. */
  before(index: number): { readonly index: number; readonly offset: number } {
    const at = Math.min(Math.floor(index / STEP), this.#offsets.length - 1);
    return at < 0 ? { index: 0, offset: 0 } : { index: at * STEP, offset: this.#offsets[at] ?? 0 };
  }
}
