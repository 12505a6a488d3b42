import { mkdir, rename } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { FastifyBaseLogger } from 'fastify';
import { migrate } from './migrations.js';
import { pgliteDialect } from './pglite-dialect.js';
import type { Database, Tables } from './tables.js';

/** A PostgreSQL server by its URL. */
export async function openPostgres(url: string): Promise<Database> {
  const database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) })
  });
  await migrate(database);
  return database;
}

/**
 * PostgreSQL in this process, without files: what is in it ends with it.
 * @param lite - one that is there already
 */
export async function openMemoryDatabase(lite?: PGlite): Promise<Database> {
  const database = new Kysely<Tables>({ dialect: pgliteDialect(lite ?? (await PGlite.create())) });
  await migrate(database);
  return database;
}

/**
 * PostgreSQL in this process, kept in a folder. A damaged folder is moved away and begun anew:
 * nothing is lost with it, since the ledger is folded again.
 */
export async function openFolder(folder: string, log: FastifyBaseLogger): Promise<Database> {
  try {
    return await open(folder);
  } catch (error) {
    const away = `${folder}.damaged-${Date.now()}`;
    log.error(
      { reason: error instanceof Error ? error.message : 'unknown', movedTo: away },
      'the database is damaged and made anew'
    );
    await rename(folder, away);
    return await open(folder);
  }
}

async function open(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lite = await PGlite.create(folder);
  const database = new Kysely<Tables>({ dialect: pgliteDialect(lite) });
  try {
    await migrate(database);
  } catch (error) {
    await database.destroy().catch(() => undefined);
    throw error;
  }
  return database;
}
