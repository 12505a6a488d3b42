import { canonicalJson } from './canonical.js';
import type { SignedCommand } from './commands.js';
import { freeze } from './freeze.js';
import { isSignedBy } from './keys.js';
import type { Entry, Receipt, Refusal } from './ledger.js';
import { decide, signingKey } from './rules/decide.js';
import { isRefusal, refuse } from './rules/decision.js';
import { readNow, type RecordKind, type Records, type StateKey, type StateRecord, type View } from './rules/reads.js';

/** An entry as it is kept: what it changed follows from it and those before it. */
export type StoredEntry = Omit<Entry, 'events'>;

/** The log and what it folds to, in memory. It changes only by the commit of a {@link Draft}. */
export class Replica implements View {
  readonly #state = new Map<StateKey, StateRecord>();
  readonly #entries: Entry[] = [];
  readonly #ids = new Map<string, number>();

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get(key: StateKey): StateRecord | undefined {
    return this.#state.get(key);
  }

  record<K extends RecordKind>(kind: K, id: string): Records[K] | undefined {
    return this.#state.get(`${kind}/${id}`) as Records[K] | undefined;
  }

  entryOf(commandId: string): Entry | undefined {
    const index = this.#ids.get(commandId);
    return index === undefined ? undefined : this.#entries[index];
  }

  /** The state as canonical JSON: the same log gives the same text, byte for byte. */
  snapshot(): string {
    return canonicalJson(Object.fromEntries(this.#state));
  }

  /** Takes over what a draft accepted. */
  commit(draft: Draft): void {
    for (const entry of draft.entries) {
      this.#entries.push(entry);
      this.#ids.set(entry.signed.envelope.id, entry.index);
    }
    for (const [key, record] of draft.writes) {
      this.#state.set(key, record);
    }
  }
}

/** Entries that are decided but not yet kept: nobody sees them until they are committed. */
export class Draft implements View {
  readonly #base: Replica;
  readonly #entries: Entry[] = [];
  readonly #writes = new Map<StateKey, StateRecord>();
  readonly #ids = new Map<string, Entry>();

  constructor(base: Replica) {
    this.#base = base;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get writes(): ReadonlyMap<StateKey, StateRecord> {
    return this.#writes;
  }

  get(key: StateKey): StateRecord | undefined {
    return this.#writes.get(key) ?? this.#base.get(key);
  }

  /**
   * Decides a command whose shape was checked.
   *
   * @param clock - ms; the entry gets this time, or that of the entry before it if that is later
   */
  submit(signed: SignedCommand, clock: number): Receipt | Refusal {
    const known = this.#ids.get(signed.envelope.id) ?? this.#base.entryOf(signed.envelope.id);
    if (known !== undefined && canonicalJson(known.signed) === canonicalJson(signed)) {
      return receipt(known);
    }
    const problem = this.#signatureProblem(signed);
    if (problem !== undefined) {
      return problem;
    }
    if (known !== undefined) {
      return refuse(
        'ID_REUSED',
        `Command id ${signed.envelope.id} was used for another command, entry ${known.index}. Sign this one under a new id.`
      );
    }
    return this.#accept(signed, Math.max(this.#last()?.time ?? 0, clock));
  }

  /**
   * Decides an entry again that was kept before, at its own time.
   *
   * @param trusted - its signature is known to be good
   * @returns why it can't have been accepted; undefined when it can
   */
  replay(stored: StoredEntry, trusted: boolean): string | undefined {
    const { index, time, signed } = stored;
    const last = this.#last();
    const next = last === undefined ? 0 : last.index + 1;
    if (index !== next) {
      return `it says index ${index}, its place is ${next}`;
    }
    if (last !== undefined && time < last.time) {
      return 'its time is before that of the entry before it';
    }
    if (this.#ids.has(signed.envelope.id) || this.#base.entryOf(signed.envelope.id) !== undefined) {
      return `command id ${signed.envelope.id} was used before`;
    }
    const answer = (trusted ? undefined : this.#signatureProblem(signed)) ?? this.#accept(signed, time);
    return answer.ok ? undefined : `the rules refuse it: ${answer.message}`;
  }

  #signatureProblem(signed: SignedCommand): Refusal | undefined {
    const key = readNow(signingKey(signed.envelope), this);
    if (isRefusal(key)) {
      return key;
    }
    return isSignedBy(signed, key.publicKey)
      ? undefined
      : refuse(
          'BAD_SIGNATURE',
          `The signature is not by the key of ${signed.envelope.organization}. Sign the command with that key.`
        );
  }

  #accept(signed: SignedCommand, time: number): Receipt | Refusal {
    const decision = decide(signed.envelope, this, time);
    if (!decision.ok) {
      return decision;
    }
    const entry = freeze<Entry>({ index: (this.#last()?.index ?? -1) + 1, time, signed, events: decision.events });
    this.#entries.push(entry);
    this.#ids.set(signed.envelope.id, entry);
    for (const { key, value } of decision.writes) {
      this.#writes.set(key, freeze(value));
    }
    return receipt(entry);
  }

  #last(): Entry | undefined {
    return this.#entries.at(-1) ?? this.#base.entries.at(-1);
  }
}

function receipt({ index, time, events }: Entry): Receipt {
  return { ok: true, index, time, events };
}
