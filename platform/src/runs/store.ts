import type { RunRecord } from '@jupyterflow/ledger';
import type { RunState } from '@jupyterflow/schema';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Database, Tables } from '../db/tables.js';
import { decodeCursor, pageOf } from '../http/cursor.js';

/** Which runs are asked for. */
export interface RunQuery {
  readonly state?: RunState;
  readonly limit: number;
  readonly cursor?: string;
}

/** A run; one that its user removed only when asked for. */
export async function findRun(db: Database, id: string, removedToo = false): Promise<RunRecord | undefined> {
  const row = await db.selectFrom('runs').select(['record', 'removed']).where('id', '=', id).executeTakeFirst();
  return row && (removedToo || !row.removed) ? row.record : undefined;
}

/** Runs that the ledger has as going. */
export async function goingRuns(db: Database): Promise<RunRecord[]> {
  const rows = await db.selectFrom('runs').select('record').where('state', '=', 'Running').execute();
  return rows.map(row => row.record);
}

export async function markRemoved(db: Database, id: string): Promise<void> {
  await db.updateTable('runs').set({ removed: true }).where('id', '=', id).execute();
}

/** Runs whose results wait for an organization, the newest first. */
export async function heldRuns(
  db: Database,
  owner: string,
  query: Pick<RunQuery, 'limit' | 'cursor'>
): Promise<{ readonly rows: readonly RunRecord[]; readonly nextCursor: string | null }> {
  const hold = JSON.stringify([{ owner, state: 'held' }]);
  return page(
    db
      .selectFrom('runs')
      .select('record')
      .where('removed', '=', false)
      .where(sql<boolean>`record -> 'results' is not null`)
      .where(sql<boolean>`record -> 'results' @> ${hold}::jsonb`),
    query
  );
}

/** Runs of a person, the newest first. */
export async function listRuns(
  db: Database,
  owner: { readonly user: string; readonly organization: string },
  query: RunQuery
): Promise<{ readonly rows: readonly RunRecord[]; readonly nextCursor: string | null }> {
  let found = db
    .selectFrom('runs')
    .select('record')
    .where('user', '=', owner.user)
    .where('organization', '=', owner.organization)
    .where('removed', '=', false);
  // The ledger does not tell runs that wait from those that go.
  if (query.state !== undefined) found = found.where('state', '=', query.state === 'Pending' ? 'Running' : query.state);
  return page(found, query);
}

async function page(
  found: SelectQueryBuilder<Tables, 'runs', { record: RunRecord }>,
  query: Pick<RunQuery, 'limit' | 'cursor'>
): Promise<{ readonly rows: readonly RunRecord[]; readonly nextCursor: string | null }> {
  let after = found;
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor, [0, '']);
    after = found.where(sql<boolean>`("startedAt", id collate "C") < (${sql.join(place)})`);
  }
  const rows = await after
    .orderBy('startedAt', 'desc')
    .orderBy(sql`id collate "C"`, 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageOf(
    rows.map(row => row.record),
    query.limit,
    run => [run.startedAt, run.id]
  );
}
