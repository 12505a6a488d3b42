import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import type { Database } from './tables.js';

const first: Migration = {
  async up(db: Kysely<unknown>) {
    const create = db.schema;
    await create
      .createTable('projection')
      .addColumn('id', 'integer', c => c.primaryKey())
      .addColumn('next', 'integer', c => c.notNull())
      .addColumn('signature', 'text', c => c.notNull())
      .execute();
    await create
      .createTable('datasets')
      .addColumn('id', 'text', c => c.primaryKey())
      .addColumn('owner', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('sortTitle', 'text', c => c.notNull())
      .addColumn('concurrency', 'integer', c => c.notNull())
      .addColumn('organizations', 'jsonb', c => c.notNull())
      .addColumn('words', 'text', c => c.notNull())
      .addColumn('record', 'jsonb', c => c.notNull())
      .execute();
    await create
      .createTable('leases')
      .addColumn('id', 'text', c => c.primaryKey())
      .addColumn('dataset', 'text', c => c.notNull())
      .addColumn('owner', 'text', c => c.notNull())
      .addColumn('organization', 'text', c => c.notNull())
      .addColumn('user', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('requestedAt', 'double precision', c => c.notNull())
      .addColumn('expiresAt', 'double precision')
      .addColumn('record', 'jsonb', c => c.notNull())
      .execute();
    await create
      .createTable('runs')
      .addColumn('id', 'text', c => c.primaryKey())
      .addColumn('organization', 'text', c => c.notNull())
      .addColumn('user', 'text', c => c.notNull())
      .addColumn('state', 'text', c => c.notNull())
      .addColumn('startedAt', 'double precision', c => c.notNull())
      .addColumn('removed', 'boolean', c => c.notNull().defaultTo(false))
      .addColumn('record', 'jsonb', c => c.notNull())
      .execute();
    await create
      .createTable('commands')
      .addColumn('key', 'text', c => c.primaryKey())
      .addColumn('body', 'text', c => c.notNull())
      .addColumn('resource', 'text', c => c.notNull())
      .execute();
    // Few of all leases are open at a time: those are what every page of the catalogue counts.
    await sql`create index leases_open on leases (dataset) where state in ('active', 'requested')`.execute(db);
    await create.createIndex('leases_holder').on('leases').columns(['organization', 'user', 'requestedAt']).execute();
    await create.createIndex('leases_owner').on('leases').columns(['owner', 'requestedAt']).execute();
    await create.createIndex('runs_user').on('runs').columns(['organization', 'user', 'startedAt']).execute();
  }
};

const heldRuns: Migration = {
  async up(db: Kysely<unknown>) {
    // Few runs have results that wait for an owner: those are what a steward's list looks through.
    await sql`create index runs_held on runs ("startedAt") where record -> 'results' is not null`.execute(db);
  }
};

/** Brings the tables to the present shape. */
export async function migrate(database: Database): Promise<void> {
  const migrations = { '2026-11-22-first': first, '2026-11-22-held-runs': heldRuns };
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  if (error !== undefined) throw new Error('the database could not be brought to the present shape', { cause: error });
}
