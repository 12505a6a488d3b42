import type { ConsortiumSettings, LeaseUse, LedgerPolicy, Motion, PublicDescription, RunFacts } from './commands.js';

/** What the log folds to: values by key. The keys are listed with each shape. */

/** `organization/<id>` */
export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  /** Ed25519 public key that signs the organization's commands, SPKI DER in base64. */
  readonly publicKey: string;
  /** The key of its witness, alike; absent: it has none. */
  readonly witness?: string;
  /** Absent: it is a member. */
  readonly gone?: 'left' | 'expelled';
  /** Number of its datasets that are published and not retired; absent: none. */
  readonly offers?: number;
}

/** `consortium/settings` */
export interface ConsortiumRecord extends ConsortiumSettings {
  /** In the order in which they joined. */
  readonly members: readonly Membership[];
  /** How often an organization joined, ever. */
  readonly joins: number;
}

/** An organization's time in the consortium: who joins again after leaving begins a new one. */
export interface Membership {
  readonly organization: string;
  /** Which of all joins this was, from 1. */
  readonly term: number;
}

/** `admission/<organization>`: an organization that may join a closed consortium. */
export interface AdmissionRecord {
  readonly organization: string;
  /** It must join with this one. */
  readonly publicKey: string;
  readonly admittedAt: number;
  /** It joined since. */
  readonly spent?: true;
}

/** `motion/<name>`: see `motionName`. */
export interface MotionRecord {
  readonly motion: Motion;
  /** The last one of each organization; those that had ended when it was last voted on are gone. */
  readonly votes: readonly Vote[];
  /** When these votes carried it; the next vote then begins anew. Absent: they have not. */
  readonly carriedAt?: number;
}

/** A vote counts until its end, while the organization is the member that it was when it voted. */
export interface Vote extends Membership {
  readonly user: string;
  /** It counts before this time, ms. */
  readonly until: number;
}

/** `dataset/<id>` */
export interface DatasetRecord {
  readonly id: string;
  readonly owner: string;
  /** Grows by one with every change. */
  readonly version: number;
  readonly state: 'published' | 'retired';
  readonly policy: LedgerPolicy;
  readonly description: PublicDescription;
  /** SHA-256 of the sealed storage details, hex. */
  readonly sealed: string;
  readonly publishedAt: number;
  /** Of the last grant; the next gets one more. */
  readonly fencing: number;
  /** Leases that may still be active: those granted and not ended. Expired ones among them are told by time. */
  readonly leases: readonly string[];
}

/** What is written of a lease. `expired` is never written: see {@link leaseState}. */
export type WrittenLeaseState = 'requested' | 'active' | 'released' | 'revoked' | 'denied';

/** `lease/<id>` */
export interface LeaseRecord {
  readonly id: string;
  readonly dataset: string;
  readonly owner: string;
  readonly organization: string;
  readonly user: string;
  readonly purpose: string;
  readonly duration: number;
  readonly state: WrittenLeaseState;
  readonly requestedAt: number;
  readonly grantedAt?: number;
  readonly expiresAt?: number;
  readonly endedAt?: number;
  readonly reason?: string;
  /** 0 before the grant. */
  readonly fencing: number;
  readonly renewals: number;
}

/** `run/<id>` */
export interface RunRecord {
  readonly id: string;
  readonly organization: string;
  readonly user: string;
  readonly leases: readonly string[];
  readonly plan: string;
  readonly images: readonly string[];
  readonly facts: RunFacts;
  readonly state: 'Running' | 'Succeeded' | 'Failed' | 'Error';
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly reason?: string;
  readonly uses?: readonly LeaseUse[];
  readonly site?: string;
  readonly egress?: readonly string[];
  /** One for each owner who wants to see the results first; absent: nobody does. */
  readonly results?: readonly ResultHold[];
}

/** An owner's say over the results of a run on its datasets. */
export interface ResultHold {
  readonly owner: string;
  readonly datasets: readonly string[];
  readonly state: 'held' | 'released' | 'refused';
  readonly decidedAt?: number;
  /** Who decided, of the owner. */
  readonly user?: string;
  readonly reason?: string;
}

/** Whether the results of a run may be handed out: only when no owner holds or refused them. */
export function resultState(run: RunRecord): ResultHold['state'] {
  const states = (run.results ?? []).map(({ state }) => state);
  return states.includes('refused') ? 'refused' : states.includes('held') ? 'held' : 'released';
}

/** `algorithm/<digest>` */
export interface AlgorithmRecord {
  /** SHA-256, hex. */
  readonly digest: string;
  /** By those organizations that approve of it now, in the order in which they did. */
  readonly approvals: readonly {
    readonly organization: string;
    readonly user: string;
    readonly at: number;
    readonly reason?: string;
  }[];
}

/** State of a lease at a time: a lease is active only while `now < expiresAt`. */
export function leaseState(lease: LeaseRecord, now: number): WrittenLeaseState | 'expired' {
  return lease.state === 'active' && lease.expiresAt !== undefined && now >= lease.expiresAt ? 'expired' : lease.state;
}
