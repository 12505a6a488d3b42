import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql, type Dialect } from 'kysely';
import pg from 'pg';
import type { FastifyBaseLogger } from 'fastify';
import { emptyDataFolder } from './data-folder.js';
import { migrate } from './migrations.js';
import { pgliteDialect } from './pglite-dialect.js';
import type { Database, Tables } from './tables.js';

const CONNECTIONS = 10;
/** How long a request waits for a server that does not answer, in ms. */
const CONNECT_TIMEOUT = 10_000;

/**
 * A PostgreSQL server by its URL.
 * @throws Error when it can't be reached, or keeps text in another encoding than UTF-8
 */
export async function openPostgres(url: string, log: FastifyBaseLogger): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    application_name: 'jupyterflow-platform'
  });
  // A connection that nobody uses may end, as when the server restarts: the next request takes a new one.
  pool.on('error', error => {
    log.warn({ reason: error.message }, 'a connection to the database was lost');
  });
  return present(new PostgresDialect({ pool }), checkEncoding);
}

/** What is on the ledger may be any text: in another encoding, some of it could not be kept. */
async function checkEncoding(database: Database): Promise<void> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(database);
  const encoding = rows[0]?.server_encoding;
  if (encoding !== 'UTF8')
    throw new Error(`the database of DATABASE_URL has the encoding ${encoding ?? 'unknown'}, and must have UTF8`);
}

/**
 * PostgreSQL in this process, without files: what is in it ends with it.
 * @param empty - the data folder of an empty database
 */
export async function openMemoryDatabase(empty?: Blob): Promise<Database> {
  return present(pgliteDialect(await PGlite.create({ loadDataDir: empty ?? (await emptyDataFolder()) })));
}

/**
 * PostgreSQL in this process, kept in a folder. A damaged folder is moved away and begun anew:
 * nothing is lost with it, since the ledger is folded again.
 */
export async function openFolder(folder: string, log: FastifyBaseLogger): Promise<Database> {
  if (existsSync(unfinished(folder)) || (await isEmpty(folder))) return create(folder);
  try {
    return await open(folder);
  } catch (error) {
    const away = `${folder}.damaged-${Date.now()}`;
    log.error(
      { reason: error instanceof Error ? error.message : 'unknown', movedTo: away },
      'the database is damaged and made anew'
    );
    await rename(folder, away);
    return create(folder);
  }
}

/** The file that is there while a database is made: a process that is killed meanwhile leaves it behind. */
const unfinished = (folder: string): string => `${folder}.unfinished`;

async function create(folder: string): Promise<Database> {
  await writeFile(unfinished(folder), '');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const database = await present(
    pgliteDialect(await PGlite.create({ dataDir: folder, loadDataDir: await emptyDataFolder() }))
  );
  await rm(unfinished(folder));
  return database;
}

async function open(folder: string): Promise<Database> {
  // PGlite takes a folder without this file for an empty one, and would fill up what is missing.
  if (!existsSync(join(folder, 'PG_VERSION'))) throw new Error('it has no PG_VERSION');
  return present(pgliteDialect(await PGlite.create(folder)));
}

async function isEmpty(folder: string): Promise<boolean> {
  return !existsSync(folder) || (await readdir(folder)).length === 0;
}

/** A database in its present shape; nothing is left open when that fails. */
async function present(
  dialect: Dialect,
  check: (database: Database) => Promise<void> = () => Promise.resolve()
): Promise<Database> {
  const database = new Kysely<Tables>({ dialect });
  try {
    await check(database);
    await migrate(database);
  } catch (error) {
    await database.destroy().catch(() => undefined);
    throw error;
  }
  return database;
}
