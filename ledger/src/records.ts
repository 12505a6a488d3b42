import { freeze } from './freeze.js';
import type { StateKey, StateRecord, View } from './rules/reads.js';

/** Records that are kept ready for use: those that were read or written last. */
const READY = 4096;

/**
 * The records of a state by key. All but those used last are kept as text: a tenth of the objects, for memory and for
 * whoever collects garbage. Records that are handed out are frozen.
 */
export class RecordStore implements View {
  readonly #texts = new Map<StateKey, string>();
  readonly #ready = new Map<StateKey, StateRecord>();
  /** Those that are ready and have no text, or an older one. */
  readonly #unwritten = new Set<StateKey>();
  readonly #most: number;

  /** @param most - number of records that are kept ready */
  constructor(most = READY) {
    this.#most = most;
  }

  get(key: StateKey): StateRecord | undefined {
    const ready = this.#ready.get(key);
    if (ready !== undefined) {
      return ready;
    }
    const text = this.#texts.get(key);
    return text === undefined ? undefined : this.#keepReady(key, freeze(JSON.parse(text) as StateRecord));
  }

  set(key: StateKey, record: StateRecord): void {
    this.#unwritten.add(key);
    this.#keepReady(key, freeze(record));
  }

  /** Takes a record as its text, for one that need not be ready. */
  setText(key: StateKey, text: string): void {
    this.#texts.set(key, text);
    this.#unwritten.delete(key);
    this.#ready.delete(key);
  }

  /** All records as JSON texts, as they are now: later changes do not show. */
  texts(): readonly (readonly [StateKey, string])[] {
    [...this.#unwritten].forEach(key => this.#write(key));
    return [...this.#texts];
  }

  #keepReady(key: StateKey, record: StateRecord): StateRecord {
    this.#ready.delete(key);
    const [oldest] = this.#ready.size >= this.#most ? this.#ready.keys() : [];
    if (oldest !== undefined) {
      this.#write(oldest);
      this.#ready.delete(oldest);
    }
    this.#ready.set(key, record);
    return record;
  }

  /** Keeps the text of a record that is ready. */
  #write(key: StateKey): void {
    if (this.#unwritten.delete(key)) {
      this.#texts.set(key, JSON.stringify(this.#ready.get(key)));
    }
  }
}
