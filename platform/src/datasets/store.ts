import type { DatasetRecord, LeaseRecord } from '@jupyterflow/ledger';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../db/tables.js';
import { decodeCursor, pageOf } from '../http/cursor.js';

const NAME = sql<string>`record -> 'description' ->> 'name'`;

/** Who looks, and when (ms). */
export interface Viewer {
  readonly user: string;
  readonly organization: string;
  readonly now: number;
}

/** What of the catalogue is asked for. */
export interface DatasetQuery {
  readonly q?: string;
  readonly owner?: string;
  readonly available?: boolean;
  readonly sort: 'title' | 'owner' | 'availability';
  readonly limit: number;
  readonly cursor?: string;
}

/** @param ref - the id of a dataset, or `<owner>/<name>` of a published one */
export async function findDataset(db: Database, ref: string): Promise<DatasetRecord | undefined> {
  const [, owner, name] = /^([^/]+)\/([^/]+)$/.exec(ref) ?? [];
  const all = db.selectFrom('datasets').select('record');
  const found =
    owner !== undefined && name !== undefined
      ? all.where('owner', '=', owner).where('state', '=', 'published').where(NAME, '=', name)
      : all.where('id', '=', ref);
  return (await found.executeTakeFirst())?.record;
}

/** Names of the datasets that an organization has published. */
export async function publishedNames(db: Database, owner: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('datasets')
    .select(NAME.as('name'))
    .where('owner', '=', owner)
    .where('state', '=', 'published')
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/** SHA-256 of the storage details of all datasets that are not retired. */
export async function publishedDetails(db: Database): Promise<Set<string>> {
  const rows = await db.selectFrom('datasets').select('record').where('state', '=', 'published').execute();
  return new Set(rows.map(row => row.record.sealed));
}

/** Leases of datasets that are active, or are requested by the viewer. */
export async function openLeases(db: Database, datasets: readonly string[], viewer: Viewer): Promise<LeaseRecord[]> {
  if (datasets.length === 0) return [];
  const rows = await db
    .selectFrom('leases')
    .select('record')
    .where('dataset', 'in', datasets)
    .where(e =>
      e.or([
        e.and([e('state', '=', 'active'), e('expiresAt', '>', viewer.now)]),
        e.and([e('state', '=', 'requested'), e('user', '=', viewer.user), e('organization', '=', viewer.organization)])
      ])
    )
    .orderBy('expiresAt')
    .orderBy('id')
    .execute();
  return rows.map(row => row.record);
}

interface Row {
  readonly id: string;
  readonly sortTitle: string;
  readonly owner: string;
  readonly rank: number;
  readonly record: DatasetRecord;
}

/** A page of the catalogue as the viewer may see it, and how many there are over all pages. */
export async function listDatasets(
  db: Database,
  viewer: Viewer,
  query: DatasetQuery
): Promise<{ readonly rows: readonly DatasetRecord[]; readonly nextCursor: string | null; readonly total: number }> {
  const seen = catalogue(viewer, query);
  const order = ORDERS[query.sort];
  const after =
    query.cursor === undefined ? sql`true` : sql`(${order.by}) > (${sql.join(decodeCursor(query.cursor, order.like))})`;
  const [rows, total] = await Promise.all([
    sql<Row>`with seen as (${seen}) select * from seen where ${after} order by ${order.by} limit ${query.limit + 1}`.execute(
      db
    ),
    sql<{ total: number }>`with seen as (${seen}) select count(*)::int as total from seen`.execute(db)
  ]);
  const page = pageOf(rows.rows, query.limit, order.place);
  return { rows: page.rows.map(row => row.record), nextCursor: page.nextCursor, total: total.rows[0]?.total ?? 0 };
}

/** Rank: 0 mine, 1 open, 2 taken; from the leases that are active now, so an expired one frees its place by itself. */
function catalogue(viewer: Viewer, { q, owner, available }: DatasetQuery): RawBuilder<unknown> {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = sql.join([sql`true`, ...words.map(word => sql`strpos(words, ${word}) > 0`)], sql` and `);
  return sql`
    select * from (
      select d.id, d."sortTitle", d.owner, d.record, d.words, d.organizations,
        case when open.mine then 0 when open.places < d.concurrency then 1 else 2 end as rank
      from datasets d cross join lateral (
        select count(*) as places, coalesce(bool_or(l."user" = ${viewer.user} and l.organization = ${viewer.organization}), false) as mine
        from leases l where l.dataset = d.id and l.state = 'active' and l."expiresAt" > ${viewer.now}
      ) open
      where d.state = 'published'
    ) ranked
    where ${found}
      and (organizations = '[]'::jsonb or owner = ${viewer.organization} or rank = 0
        or organizations @> to_jsonb(${viewer.organization}::text))
      and ${owner === undefined ? sql`true` : sql`owner = ${owner}`}
      and ${available === undefined ? sql`true` : available ? sql`rank < 2` : sql`rank = 2`}`;
}

interface Order {
  readonly by: RawBuilder<unknown>;
  /** Types of the parts of a cursor. */
  readonly like: readonly (string | number)[];
  readonly place: (row: Row) => readonly (string | number)[];
}

const TITLE = sql`"sortTitle" collate "C", id collate "C"`;
const ORDERS: Readonly<Record<DatasetQuery['sort'], Order>> = {
  title: { by: TITLE, like: ['', ''], place: row => [row.sortTitle, row.id] },
  owner: { by: sql`owner collate "C", ${TITLE}`, like: ['', '', ''], place: row => [row.owner, row.sortTitle, row.id] },
  availability: { by: sql`rank, ${TITLE}`, like: [0, '', ''], place: row => [row.rank, row.sortTitle, row.id] }
};
