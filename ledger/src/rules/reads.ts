import type {
  AdmissionRecord,
  AlgorithmRecord,
  ConsortiumRecord,
  DatasetRecord,
  LeaseRecord,
  MotionRecord,
  OrganizationRecord,
  RunRecord
} from '../state.js';

/** The kinds of record in the state, with the prefix of their keys. */
export interface Records {
  readonly organization: OrganizationRecord;
  readonly consortium: ConsortiumRecord;
  readonly admission: AdmissionRecord;
  readonly motion: MotionRecord;
  readonly dataset: DatasetRecord;
  readonly lease: LeaseRecord;
  readonly run: RunRecord;
  readonly algorithm: AlgorithmRecord;
}
export type RecordKind = keyof Records;
export type StateRecord = Records[RecordKind];
/** For example `dataset/ds_genomes1`. */
export type StateKey = `${RecordKind}/${string}`;

/** The state as the rules see it. A `Map<StateKey, StateRecord>` is one. */
export interface View {
  get(key: StateKey): StateRecord | undefined;
}
/** A state that answers later, such as that of a Fabric peer. */
export interface AsyncView {
  get(key: StateKey): Promise<StateRecord | undefined>;
}

/**
 * A computation that asks for records by key and is resumed with each of them. What to read next may follow from what
 * was read, and yet one and the same rule runs over a state in memory and over one that answers later.
 */
export type Reading<T> = Generator<StateKey, T, StateRecord | undefined>;

/** Reads one record. */
export function* read<K extends RecordKind>(kind: K, id: string): Reading<Records[K] | undefined> {
  // The prefix of the key tells the kind: a view that keeps what it was given can't answer with another.
  return (yield `${kind}/${id}`) as Records[K] | undefined;
}

/** Runs a reading over a state in memory. */
export function readNow<T>(reading: Reading<T>, view: View): T {
  let step = reading.next();
  while (step.done !== true) {
    step = reading.next(view.get(step.value));
  }
  return step.value;
}

/** Runs a reading over a state that answers later. */
export async function readLater<T>(reading: Reading<T>, view: AsyncView): Promise<T> {
  let step = reading.next();
  while (step.done !== true) {
    step = reading.next(await view.get(step.value));
  }
  return step.value;
}
