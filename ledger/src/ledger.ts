import type { SignedCommand } from './commands.js';
import type { ProofBundle } from './proof/bundle.js';
import type {
  AdmissionRecord,
  AlgorithmRecord,
  ConsortiumRecord,
  DatasetRecord,
  LeaseRecord,
  MotionRecord,
  OrganizationRecord,
  RunRecord
} from './state.js';
import type { PolicyCheckName } from './rules/policy.js';
import type { RecordKind, Records } from './rules/reads.js';

/** A place that keeps the log: embedded in the process, or a Fabric network. */
export interface Ledger {
  /** Decides a command and keeps it. Resolves only when it can't be lost any more. A refusal changes nothing. */
  submit(command: SignedCommand): Promise<Receipt | Refusal>;
  organization(id: string): Promise<OrganizationRecord | undefined>;
  dataset(id: string): Promise<DatasetRecord | undefined>;
  lease(id: string): Promise<LeaseRecord | undefined>;
  run(id: string): Promise<RunRecord | undefined>;
  /** A record of any kind. */
  record<K extends RecordKind>(kind: K, id: string): Promise<Records[K] | undefined>;
  /** Entries from an index on, in order; ends at the present end of the log. */
  entries(from?: number): AsyncIterable<Entry>;
  /** The last signed checkpoint: a C2SP signed note. */
  checkpoint(): Promise<string>;
  /** Proof that entry `index` is in the tree of the last checkpoint (RFC 6962, 2.1.1). */
  proof(index: number): Promise<InclusionProof>;
  /**
   * Proof of what happened with a lease, for somebody without the log; undefined when there is no such lease. Reads all
   * of the log, beside what else goes on: for one at a time.
   */
  prove(lease: string): Promise<ProofBundle | undefined>;
  /** Whether an entry is final by now, and whose witnesses made it so. */
  finality(index: number): Promise<FinalState>;
  /**
   * Waits until an entry is final: until then it is committed, kept and answered, but the log could still be forked.
   *
   * @param timeout - ms; after it the answer says what is known by then
   */
  final(index: number, timeout: number): Promise<FinalState>;
  /** How far the witnesses of the organizations are. */
  witnesses(): readonly WitnessState[];
  /** Whether commands are accepted, and if not, why. */
  state(): LedgerState;
  /** Calls back after each committed entry; returns how to end that. */
  subscribe(listener: (entry: Entry) => void): () => void;
  close(): Promise<void>;
}

/** Whether an entry is final: the witnesses of a majority of the organizations that have one cosigned it. */
export interface FinalState {
  readonly index: number;
  readonly final: boolean;
  /** Organizations whose witnesses cosigned a checkpoint with the entry. */
  readonly witnesses: readonly string[];
  /** How many it takes; 0 when no organization has a witness: then what is committed is final. */
  readonly needed: number;
}

/** How far the witness of an organization is. */
export interface WitnessState {
  readonly organization: string;
  /** Number of entries in the last checkpoint that it cosigned. */
  readonly size: number;
  /** Number of entries that it has not cosigned yet. */
  readonly lag: number;
  /** Why it did not cosign when it was asked last. */
  readonly problem?: string;
}

/** Whether a ledger accepts commands; what it holds can be read in any of these states until it is closed. */
export type LedgerState =
  | { readonly state: 'serving' }
  | { readonly state: 'read-only'; /** For people: what failed, and how to mend it. */ readonly reason: string }
  | { readonly state: 'closed' };

/** One line of the log. */
export interface Entry {
  readonly index: number;
  /** The log's own clock, ms; never goes back. */
  readonly time: number;
  readonly signed: SignedCommand;
  /** What changed: follows from the command and the entries before it. */
  readonly events: readonly LedgerEvent[];
}

export type LedgerEvent =
  | {
      readonly type: 'organization.joined' | 'organization.rotated' | 'organization.left' | 'organization.expelled';
      readonly organization: OrganizationRecord;
    }
  | { readonly type: 'organization.admitted'; readonly admission: AdmissionRecord }
  | { readonly type: 'consortium.voted'; readonly motion: MotionRecord }
  | { readonly type: 'consortium.configured'; readonly consortium: ConsortiumRecord }
  | { readonly type: 'dataset.published' | 'dataset.updated' | 'dataset.retired'; readonly dataset: DatasetRecord }
  | {
      readonly type:
        'lease.requested' | 'lease.granted' | 'lease.denied' | 'lease.renewed' | 'lease.released' | 'lease.revoked';
      readonly lease: LeaseRecord;
    }
  | { readonly type: 'run.started' | 'run.ended' | 'result.released' | 'result.refused'; readonly run: RunRecord }
  | { readonly type: 'algorithm.approved' | 'algorithm.withdrawn'; readonly algorithm: AlgorithmRecord };

export interface Receipt {
  readonly ok: true;
  readonly index: number;
  readonly time: number;
  readonly events: readonly LedgerEvent[];
}

export type RefusalCode =
  | 'UNKNOWN_ORGANIZATION'
  | 'NOT_MEMBER'
  | 'NOT_ADMITTED'
  | 'UNKNOWN_DATASET'
  | 'UNKNOWN_LEASE'
  | 'UNKNOWN_RUN'
  | 'UNKNOWN_ALGORITHM'
  | 'BAD_SIGNATURE'
  | 'CLOCK_SKEW'
  | 'ID_REUSED'
  | 'EXISTS'
  | 'NOT_OWNER'
  | 'NOT_HOLDER'
  | 'VERSION_CONFLICT'
  | 'RETIRED'
  | 'LEASED'
  | 'EXPIRED'
  | 'WRONG_STATE'
  | 'POLICY'
  | 'INVALID'
  | 'LEASE_NOT_ACTIVE';

/** A normal answer: why a command was not accepted. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** For people. */
  readonly message: string;
  /** With LEASED: who holds it and until when. */
  readonly holder?: { readonly organization: string; readonly until: number };
  /** With LEASE_NOT_ACTIVE, and with POLICY when a run is refused: which. */
  readonly lease?: string;
  /** With POLICY: which check failed. */
  readonly check?: PolicyCheckName;
}

export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  /** Base64, from the leaf's sibling up. */
  readonly hashes: readonly string[];
}
