import type { DatasetRecord, LeaseRecord, RunRecord } from '@jupyterflow/ledger';
import type { ColumnType, Kysely } from 'kysely';

/** A record of the ledger: written as text, read as the value. */
type Json<T> = ColumnType<T, string, string>;

/**
 * The database: a projection of the ledger for reading, made anew from it whenever it is missing.
 * Times are ms since the epoch in double precision, which every driver reads as a number.
 */
export interface Tables {
  /** One row: how far the ledger is folded, and the signature of the last entry, by which a foreign ledger is noticed. */
  readonly projection: { readonly id: number; readonly next: number; readonly signature: string };
  readonly datasets: {
    readonly id: string;
    readonly owner: string;
    readonly state: string;
    readonly sortTitle: string;
    readonly concurrency: number;
    /** Organizations that may see it, a JSON list; empty: all. */
    readonly organizations: Json<readonly string[]>;
    /** All words that a search looks at, in lower case. */
    readonly words: string;
    readonly record: Json<DatasetRecord>;
  };
  readonly leases: {
    readonly id: string;
    readonly dataset: string;
    readonly owner: string;
    readonly organization: string;
    readonly user: string;
    readonly state: string;
    readonly requestedAt: number;
    readonly expiresAt: number | null;
    readonly record: Json<LeaseRecord>;
  };
  readonly runs: {
    readonly id: string;
    readonly organization: string;
    readonly user: string;
    readonly state: string;
    readonly startedAt: number;
    /** Removed by its user: not shown any more. The ledger keeps it. */
    readonly removed: ColumnType<boolean, boolean | undefined, boolean>;
    readonly record: Json<RunRecord>;
  };
  /** Requests with an idempotency key that changed something, and what they named. */
  readonly commands: { readonly key: string; readonly body: string; readonly resource: string };
}

export type Database = Kysely<Tables>;
