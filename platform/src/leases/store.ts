import type { DatasetRecord, LeaseRecord } from '@jupyterflow/ledger';
import type { LeaseState } from '@jupyterflow/schema';
import { sql } from 'kysely';
import type { Database } from '../db/tables.js';
import { decodeCursor, pageOf } from '../http/cursor.js';
import type { Viewer } from '../datasets/store.js';

/** A lease and its dataset. */
export interface LeaseRow {
  readonly lease: LeaseRecord;
  readonly dataset: DatasetRecord;
}

/** Which leases are asked for. */
export interface LeaseQuery {
  readonly state?: LeaseState;
  readonly dataset?: string;
  readonly mine?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

const joined = (db: Database) =>
  db
    .selectFrom('leases')
    .innerJoin('datasets', 'datasets.id', 'leases.dataset')
    .select(['leases.record as lease', 'datasets.record as dataset']);

export async function findLease(db: Database, id: string): Promise<LeaseRow | undefined> {
  return joined(db).where('leases.id', '=', id).executeTakeFirst();
}

/** The lease under which somebody holds a dataset now. */
export async function heldLease(db: Database, dataset: string, viewer: Viewer): Promise<LeaseRow | undefined> {
  return joined(db)
    .where('leases.dataset', '=', dataset)
    .where('leases.user', '=', viewer.user)
    .where('leases.organization', '=', viewer.organization)
    .where('leases.state', '=', 'active')
    .where('leases.expiresAt', '>', viewer.now)
    .executeTakeFirst();
}

/** All leases that are active at a time (ms). */
export async function activeLeases(db: Database, now: number): Promise<LeaseRecord[]> {
  const rows = await db
    .selectFrom('leases')
    .select('record')
    .where('state', '=', 'active')
    .where('expiresAt', '>', now)
    .execute();
  return rows.map(row => row.record);
}

/** Leases that the viewer holds and, for a steward, those of the organization's datasets; the newest first. */
export async function listLeases(
  db: Database,
  viewer: Viewer & { readonly steward: boolean },
  query: LeaseQuery
): Promise<{ readonly rows: readonly LeaseRow[]; readonly nextCursor: string | null }> {
  const held = sql<boolean>`(leases."user" = ${viewer.user} and leases.organization = ${viewer.organization})`;
  const owned = sql<boolean>`leases.owner = ${viewer.organization}`;
  let found = joined(db).where(viewer.steward && query.mine !== true ? sql<boolean>`(${held} or ${owned})` : held);
  if (query.dataset !== undefined) found = found.where('leases.dataset', '=', query.dataset);
  if (query.state !== undefined) found = found.where(inState(query.state, viewer.now));
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor, [0, '']);
    found = found.where(sql<boolean>`(leases."requestedAt", leases.id collate "C") < (${sql.join(place)})`);
  }
  const rows = await found
    .orderBy('leases.requestedAt', 'desc')
    .orderBy(sql`leases.id collate "C"`, 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageOf(rows, query.limit, ({ lease }) => [lease.requestedAt, lease.id]);
}

/** Nobody writes `expired`: it is what `active` is after its time. */
function inState(state: LeaseState, now: number) {
  if (state === 'active') return sql<boolean>`(leases.state = 'active' and leases."expiresAt" > ${now})`;
  if (state === 'expired') return sql<boolean>`(leases.state = 'active' and leases."expiresAt" <= ${now})`;
  return sql<boolean>`leases.state = ${state}`;
}
