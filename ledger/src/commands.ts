/** What may be asked of the ledger. Times and durations are integers in milliseconds. */
export type Command =
  | {
      readonly type: 'organization.join';
      readonly name: string;
      /** Ed25519 public key, SPKI DER in base64. */ readonly publicKey: string;
      /** Key of the organization's witness, which cosigns checkpoints: as `publicKey`. */ readonly witness?: string;
    }
  | {
      readonly type: 'organization.rotate';
      /** The key from now on; that of before signs this command. */ readonly publicKey: string;
      /** Signature of the new key, Ed25519 in base64: see `proofOfPossession`. */ readonly proof: string;
      /** Absent: the witness stays as it is. */ readonly witness?: string;
    }
  | { readonly type: 'organization.leave' }
  | { readonly type: 'consortium.vote'; readonly motion: Motion }
  | {
      readonly type: 'dataset.publish';
      readonly dataset: string;
      readonly policy: LedgerPolicy;
      readonly description: PublicDescription;
      /** SHA-256 of the sealed storage details, hex. */ readonly sealed: string;
    }
  | {
      readonly type: 'dataset.update';
      readonly dataset: string;
      readonly basedOn: number;
      readonly policy: LedgerPolicy;
      readonly description: PublicDescription;
    }
  | { readonly type: 'dataset.retire'; readonly dataset: string; readonly basedOn: number }
  | {
      readonly type: 'lease.request';
      readonly lease: string;
      readonly dataset: string;
      readonly purpose: string;
      readonly duration: number;
    }
  | { readonly type: 'lease.approve'; readonly lease: string }
  | { readonly type: 'lease.deny'; readonly lease: string; readonly reason?: string }
  | { readonly type: 'lease.renew'; readonly lease: string; /** From now. */ readonly duration: number }
  | { readonly type: 'lease.release'; readonly lease: string; readonly reason?: string }
  | { readonly type: 'lease.revoke'; readonly lease: string; readonly reason?: string }
  | {
      readonly type: 'run.start';
      readonly run: string;
      readonly leases: readonly string[];
      /** SHA-256 of the plan, hex. */ readonly plan: string;
      readonly images: readonly string[];
      readonly facts: RunFacts;
      /** What is done with the leases. */ readonly uses?: readonly LeaseUse[];
      /** Where it runs. */ readonly site?: string;
      /** Where its jobs may connect to, such as `example.org:443`; absent: nowhere. */ readonly egress?: readonly string[];
    }
  | {
      readonly type: 'run.end';
      readonly run: string;
      readonly state: 'Succeeded' | 'Failed' | 'Error';
      readonly reason?: string;
    }
  | { readonly type: 'result.release'; readonly run: string; readonly reason?: string }
  | { readonly type: 'result.refuse'; readonly run: string; readonly reason?: string }
  | {
      readonly type: 'algorithm.approve';
      /** SHA-256, hex. */ readonly algorithm: string;
      readonly reason?: string;
    }
  | { readonly type: 'algorithm.withdraw'; readonly algorithm: string; readonly reason?: string };

/** What the members of the consortium may decide together. */
export type Motion =
  | {
      readonly type: 'admit';
      readonly organization: string;
      /** The key that it may join with. */ readonly publicKey: string;
    }
  | { readonly type: 'expel'; readonly organization: string }
  | ({ readonly type: 'configure' } & ConsortiumSettings);

/** How the consortium decides about its members. */
export interface ConsortiumSettings {
  /** Anybody may join, or only who was admitted. */
  readonly membership: 'open' | 'closed';
  /** Votes that a motion needs: more than half of the members, two thirds of them or more, or every one. */
  readonly majority: 'half' | 'two-thirds' | 'all';
}

/** What the jobs of a run that mount a lease execute. */
export interface LeaseUse {
  readonly lease: string;
  /** SHA-256, hex. */
  readonly algorithm: string;
}

/** What the owner allows. What each field means and what holds when it is absent: `policyFields`. */
export interface LedgerPolicy {
  /** Most leases that may be active at once; 1 is exclusive. */
  readonly concurrency: number;
  readonly approval: 'auto' | 'owner';
  /** Longest lease. */
  readonly maxDuration: number;
  readonly renewals: number;
  /** Empty allows any. */
  readonly purposes: readonly string[];
  /** Organizations that may lease; empty allows all. */
  readonly organizations: readonly string[];
  /** The holder's own code reads the data, or only algorithms that the owner allows. */
  readonly mode?: 'access' | 'compute';
  /** What may run on the data: these digests, what the owner approved, what any member approved, or all. */
  readonly algorithms?: readonly string[] | 'reviewed' | 'any' | 'raw';
  /** Where it may run; empty allows every site. */
  readonly sites?: readonly string[];
  /** Where the jobs may connect to; `*` is anywhere. */
  readonly egress?: readonly string[];
  /** Whether the results of a run wait for the owner. */
  readonly resultRelease?: 'auto' | 'owner';
}

/** What everyone may read of a dataset: JSON without secrets, opaque to the rules. */
export type PublicDescription = Readonly<Record<string, unknown>>;
/** What the platform wants to find again of a run: JSON without secrets, opaque to the rules. */
export type RunFacts = Readonly<Record<string, unknown>>;

/** A command with who gave it. The organization signs the canonical JSON (RFC 8785) of this object. */
export interface Envelope {
  /** Chosen by the caller, unique for ever: the same id with the same bytes gives the same receipt, with others a refusal. */
  readonly id: string;
  readonly organization: string;
  /** The person, as the organization vouches for them. */
  readonly user: string;
  /** When it was given. */
  readonly time: number;
  readonly command: Command;
}

export interface SignedCommand {
  readonly envelope: Envelope;
  /** Ed25519 over the canonical JSON of the envelope, base64. */
  readonly signature: string;
}
