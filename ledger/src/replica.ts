import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.js';
import type { SignedCommand } from './commands.js';
import { freeze } from './freeze.js';
import { isSignedBy, provesPossession } from './keys.js';
import type { Entry, Receipt, Refusal } from './ledger.js';
import { decide, signingKey } from './rules/decide.js';
import { isRefusal, refuse } from './rules/decision.js';
import { IdIndex } from './ids.js';
import { RecordStore } from './records.js';
import { readNow, type RecordKind, type Records, type StateKey, type StateRecord, type View } from './rules/reads.js';

/** An entry as it is kept: what it changed follows from it and those before it. */
export type StoredEntry = Omit<Entry, 'events'>;

/** Whether the signature of a command is good for a public key, SPKI DER in base64. */
export type SignatureCheck = (publicKey: string) => boolean;

/** Where a replica begins: the state after some entries. */
export interface ReplicaStart {
  readonly ids: IdIndex;
  readonly records: RecordStore;
  /** Of the last of these entries, ms. */
  readonly time: number;
}

/**
 * What the log folds to, in memory. It changes only by the commit of a {@link Draft}.
 */
export class Replica implements View {
  readonly #ids: IdIndex;
  readonly #records: RecordStore;
  readonly #retain: boolean;
  readonly #entries: Entry[] = [];
  #time: number;

  /**
   * @param retain - whether the entries are kept here too; not, where they are read from a disk
   */
  constructor(retain = true, start: ReplicaStart = { ids: new IdIndex(), records: new RecordStore(), time: 0 }) {
    this.#retain = retain;
    this.#ids = start.ids;
    this.#records = start.records;
    this.#time = start.time;
  }

  /** Number of entries. */
  get size(): number {
    return this.#ids.count;
  }

  /** Time of the last entry, ms; 0 before the first. */
  get time(): number {
    return this.#time;
  }

  /** The entries that are kept here: all that were committed, or none. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get(key: StateKey): StateRecord | undefined {
    return this.#records.get(key);
  }

  record<K extends RecordKind>(kind: K, id: string): Records[K] | undefined {
    return this.#records.get(`${kind}/${id}`) as Records[K] | undefined;
  }

  /** Index of the entry that has this command id. */
  indexOf(commandId: string): number | undefined {
    return this.#ids.find(commandId);
  }

  /** SHA-256 of the canonical JSON of the records by their keys, hex: the same log gives the same. */
  digest(): string {
    const sum = createHash('sha256');
    // That JSON a record at a time: as a whole it may be longer than a text can be.
    const records = [...this.#records.texts()].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [n, [key, text]] of records.entries()) {
      sum.update(`${n === 0 ? '{' : ','}${JSON.stringify(key)}:${canonicalJson(JSON.parse(text))}`);
    }
    return sum.update(records.length === 0 ? '{}' : '}').digest('hex');
  }

  /** What a replica needs to begin here, as bytes and texts that do not change when this one does. */
  copy(): {
    readonly digests: Buffer;
    readonly records: readonly (readonly [StateKey, string])[];
    readonly time: number;
  } {
    return { digests: this.#ids.digests(), records: this.#records.texts(), time: this.#time };
  }

  /** Takes over what a draft accepted. */
  commit(draft: Draft): void {
    for (const entry of draft.entries) {
      if (this.#retain) {
        this.#entries.push(freeze(entry));
      }
      this.#ids.add(entry.signed.envelope.id);
      this.#time = entry.time;
    }
    for (const [key, record] of draft.writes) {
      this.#records.set(key, record);
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
   * @param known - the entry that has the id of the command, where the replica does not keep it
   * @param isSigned - whether its signature is good for a key
   */
  submit(
    signed: SignedCommand,
    clock: number,
    known?: Entry,
    isSigned: SignatureCheck = key => isSignedBy(signed, key)
  ): Receipt | Refusal {
    const earlier = this.#entryOf(signed.envelope.id) ?? known;
    if (earlier !== undefined && canonicalJson(earlier.signed) === canonicalJson(signed)) {
      return receipt(earlier);
    }
    const problem = this.#signatureProblem(signed, isSigned);
    if (problem !== undefined) {
      return problem;
    }
    if (earlier !== undefined) {
      return refuse(
        'ID_REUSED',
        `Command id ${signed.envelope.id} was used for another command, entry ${earlier.index}. Sign this one under a new id.`
      );
    }
    const answer = this.#accept(signed, Math.max(this.#time(), clock));
    freeze(this.#entries.at(-1));
    return answer;
  }

  /**
   * Decides an entry again that was kept before, at its own time.
   *
   * @param isSigned - whether its signature is good for a key; `trusted`: it and its proof are known to be good
   * @returns why it can't have been accepted; undefined when it can
   */
  replay(
    stored: StoredEntry,
    isSigned: SignatureCheck | 'trusted' = key => isSignedBy(stored.signed, key)
  ): string | undefined {
    const { index, time, signed } = stored;
    const next = this.#next();
    if (index !== next) {
      return `it says index ${index}, its place is ${next}`;
    }
    if (time < this.#time()) {
      return 'its time is before that of the entry before it';
    }
    if (this.#ids.has(signed.envelope.id) || this.#base.indexOf(signed.envelope.id) !== undefined) {
      return `command id ${signed.envelope.id} was used before`;
    }
    const problem = isSigned === 'trusted' ? undefined : this.#signatureProblem(signed, isSigned);
    const answer = problem ?? this.#accept(signed, time);
    return answer.ok ? undefined : `the rules refuse it: ${answer.message}`;
  }

  /** The key that must have signed a command, as of now. */
  signerOf(signed: SignedCommand): string | Refusal {
    const key = readNow(signingKey(signed.envelope), this);
    return isRefusal(key) ? key : key.publicKey;
  }

  #signatureProblem(signed: SignedCommand, isSigned: SignatureCheck): Refusal | undefined {
    const key = this.signerOf(signed);
    if (typeof key !== 'string') {
      return key;
    }
    if (!isSigned(key)) {
      return badSignature(signed);
    }
    return provesPossession(signed.envelope)
      ? undefined
      : refuse(
          'BAD_SIGNATURE',
          `The proof is not by the new key of ${signed.envelope.organization}. Sign the envelope without its proof with that key.`
        );
  }

  #accept(signed: SignedCommand, time: number): Receipt | Refusal {
    const decision = decide(signed.envelope, this, time);
    if (!decision.ok) {
      return decision;
    }
    const entry: Entry = { index: this.#next(), time, signed, events: decision.events };
    this.#entries.push(entry);
    this.#ids.set(signed.envelope.id, entry);
    for (const { key, value } of decision.writes) {
      this.#writes.set(key, freeze(value));
    }
    return receipt(entry);
  }

  #entryOf(commandId: string): Entry | undefined {
    const index = this.#base.indexOf(commandId);
    return this.#ids.get(commandId) ?? (index === undefined ? undefined : this.#base.entries[index]);
  }

  #next(): number {
    return this.#base.size + this.#entries.length;
  }

  #time(): number {
    return this.#entries.at(-1)?.time ?? this.#base.time;
  }
}

function receipt({ index, time, events }: Entry): Receipt {
  return { ok: true, index, time, events };
}

/** Refuses a command whose signature is not by the key of its organization. */
export function badSignature(signed: SignedCommand): Refusal {
  return refuse(
    'BAD_SIGNATURE',
    `The signature is not by the key of ${signed.envelope.organization}. Sign the command with that key.`
  );
}
