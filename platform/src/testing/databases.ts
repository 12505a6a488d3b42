import { describe } from '@jest/globals';
import { openPostgres } from '../db/database.js';
import type { Database } from '../db/tables.js';
import { createLogger } from '../log.js';
import { postgresPrograms, PostgresServer } from './postgres.js';
import { memoryDatabase } from './rig.js';

/** Somewhere to make databases for tests. */
export interface Databases {
  /** An empty database. */
  empty(): Promise<Database>;
  close(): Promise<void>;
}

const pglite = (): Promise<Databases> => Promise.resolve({ empty: memoryDatabase, close: () => Promise.resolve() });

async function postgres(): Promise<Databases> {
  const server = await PostgresServer.open();
  const logger = createLogger({ write: () => undefined });
  return {
    empty: async () => openPostgres(await server.database(), logger),
    close: () => server.close()
  };
}

/**
 * Describes what must be so over each kind of database.
 * Where PostgreSQL is not installed its tests are skipped, with the reason in their names.
 */
export function describeOverDatabases(behaviours: (open: () => Promise<Databases>) => void): void {
  describe('over PGlite', () => behaviours(pglite));
  describeWithPostgres('over PostgreSQL', () => behaviours(postgres));
}

/** Describes what needs a PostgreSQL server; skipped where there is none. */
export function describeWithPostgres(title: string, behaviours: () => void): void {
  if (postgresPrograms === undefined) describe.skip(`${title} (PostgreSQL is not installed)`, behaviours);
  else describe(title, behaviours);
}
