import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../log.js';
import { describeWithPostgres } from '../testing/databases.js';
import { PostgresServer } from '../testing/postgres.js';
import { openFolder, openPostgres } from './database.js';
import type { Database } from './tables.js';

let logged: string[];
const logger = createLogger({ write: line => void logged.push((JSON.parse(line) as { msg: string }).msg) });
beforeEach(() => {
  logged = [];
});

const place = { id: 1, next: 7, signature: 'a signature' };
const write = (database: Database) => database.insertInto('projection').values(place).execute();
const read = (database: Database) => database.selectFrom('projection').selectAll().execute();

/** Opens a database, uses it, and closes it again. */
async function using<T>(opening: Promise<Database>, use: (database: Database) => Promise<T>): Promise<T> {
  const database = await opening;
  try {
    return await use(database);
  } finally {
    await database.destroy();
  }
}

describe('a database in a folder', () => {
  const DAMAGED = 'the database is damaged and made anew';
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'database-'));
    folder = join(parent, 'db');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  test('keeps what is in it, for its owner alone', async () => {
    await using(openFolder(folder, logger), write);
    expect(await using(openFolder(folder, logger), read)).toEqual([place]);
    expect(await readdir(parent)).toEqual(['db']);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(logged).toEqual([]);
  }, 60_000);

  test('is made in an empty folder', async () => {
    await mkdir(folder);
    expect(await using(openFolder(folder, logger), read)).toEqual([]);
    expect(logged).toEqual([]);
  }, 60_000);

  test('that was not finished is not taken for one', async () => {
    await using(openFolder(folder, logger), write);
    await rm(join(folder, 'global'), { recursive: true });
    await writeFile(join(parent, 'db.unfinished'), '');
    expect(await using(openFolder(folder, logger), read)).toEqual([]);
    expect(await readdir(parent)).toEqual(['db']);
  }, 60_000);

  test.each([
    ['without PG_VERSION', 'PG_VERSION'],
    ['without its tables', 'base']
  ])(
    '%s is moved away and begun anew',
    async (_, missing) => {
      await using(openFolder(folder, logger), write);
      await rm(join(folder, missing), { recursive: true });
      expect(await using(openFolder(folder, logger), read)).toEqual([]);
      expect(await readdir(parent)).toEqual(['db', expect.stringMatching(/^db\.damaged-\d+$/)]);
      expect(logged).toEqual([DAMAGED]);
    },
    60_000
  );
});

describeWithPostgres('a database of a PostgreSQL server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.open();
  }, 60_000);
  afterAll(() => server.close());

  test('keeps what is in it', async () => {
    const url = await server.database();
    await using(openPostgres(url, logger), write);
    expect(await using(openPostgres(url, logger), read)).toEqual([place]);
  });

  test('is brought to the present shape once when two begin at the same time', async () => {
    const url = await server.database();
    const both = await Promise.all([openPostgres(url, logger), openPostgres(url, logger)]);
    await write(both[0]);
    expect(await read(both[1])).toEqual([place]);
    await Promise.all(both.map(one => one.destroy()));
  });

  test('goes on when its connections were ended', async () => {
    await using(openPostgres(await server.database(), logger), async database => {
      await write(database);
      await server.endConnections();
      await server.stop();
      await expect(read(database)).rejects.toThrow();
      await server.start();
      expect(await read(database)).toEqual([place]);
    });
    expect(logged).toContain('a connection to the database was lost');
  });

  test('that can not keep every text is refused', async () => {
    const url = await server.database(`template template0 encoding 'LATIN1' locale 'C'`);
    await expect(openPostgres(url, logger)).rejects.toThrow(
      'the database of DATABASE_URL has the encoding LATIN1, and must have UTF8'
    );
  });

  test.each([
    ['that does not exist', () => server.url('missing'), 'database "missing" does not exist'],
    ['at no URL', () => 'postgresql://platform:planted-password@:x', 'Invalid URL']
  ])('%s is refused, without the URL', async (_, url, message) => {
    await expect(openPostgres(url(), logger)).rejects.toThrow(new Error(message));
  });
});
