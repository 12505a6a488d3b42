import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>;
};

/**
 * Where the build leaves the data folder of an empty database. A data folder fits to the PGlite that made it:
 * the version, which package.json pins, is in the name.
 */
export const preparedFile = fileURLToPath(
  new URL(`../../dist/database-pglite-${dependencies['@electric-sql/pglite'] ?? ''}.tar`, import.meta.url)
);

/**
 * The data folder of an empty database, as an archive for PGlite. Without the prepared one it is made now,
 * which takes seconds.
 */
export async function emptyDataFolder(prepared = preparedFile): Promise<Blob> {
  return existsSync(prepared) ? new Blob([await readFile(prepared)]) : makeDataFolder();
}

/** Leaves the data folder of an empty database for {@link emptyDataFolder}; a file that is there is left alone. */
export async function prepareDataFolder(file = preparedFile): Promise<void> {
  if (existsSync(file)) return;
  const data = await makeDataFolder();
  // A build that is ended half way through must not leave half a file by this name.
  const part = `${file}.${randomUUID()}`;
  try {
    await writeFile(part, Buffer.from(await data.arrayBuffer()));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

async function makeDataFolder(): Promise<Blob> {
  const database = await PGlite.create();
  try {
    return await database.dumpDataDir('none');
  } finally {
    await database.close();
  }
}
