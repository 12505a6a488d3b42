import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLedger, type Ledger } from '@jupyterflow/ledger';
import { sql } from 'kysely';
import { openLocalEngine, type Engine } from 'jupyterflow-ts';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { algorithmRoutes } from './algorithms/routes.js';
import { AlgorithmService } from './algorithms/service.js';
import { cachedIdentity } from './auth/cache.js';
import { guard, missingRoutes } from './auth/guard.js';
import type { Identify } from './auth/identity.js';
import { authRoutes } from './auth/routes.js';
import { systemClock, type Clock } from './clock.js';
import type { Configuration, FinalityWish } from './config.js';
import { descriptionOf } from './datasets/describe.js';
import { datasetRoutes } from './datasets/routes.js';
import { DatasetService } from './datasets/service.js';
import { publishedDetails } from './datasets/store.js';
import { openFolder, openPostgres } from './db/database.js';
import type { Database } from './db/tables.js';
import { createServer, type RateLimit } from './http/server.js';
import { serviceRoutes } from './http/service-routes.js';
import { LeaseWatch, type NamedLease } from './leases/watch.js';
import { leaseRoutes } from './leases/routes.js';
import { LeaseService } from './leases/service.js';
import { activeLeases, findLease } from './leases/store.js';
import { Commander } from './ledger/commander.js';
import { ledgerRoutes } from './ledger/routes.js';
import { Projection } from './ledger/projection.js';
import { createLogger } from './log.js';
import { resultRoutes } from './results/routes.js';
import { ResultService } from './results/service.js';
import { runRoutes } from './runs/routes.js';
import { Requests } from './runs/requests.js';
import { RunService } from './runs/service.js';
import { goingRuns } from './runs/store.js';
import { Supervisor } from './runs/supervisor.js';
import { Fences } from './storage/fences.js';
import { joinAll } from './vault/join.js';
import { Vault } from './vault/vault.js';
import { version } from './version.js';

/** What a platform is made of; what is left out is the real thing in the state folder. */
export interface PlatformOptions extends Configuration {
  /** Folder of everything that must be kept: `ledger/ vault/ db/ homes/ data/ runs/ fences/ logs/`. Absolute. */
  readonly state: string;
  readonly identify: Identify;
  /** Path below which all routes are. Default /services/platform/ */
  readonly prefix?: string;
  /** Name of the service at the Hub. Default platform. */
  readonly service?: string;
  readonly clock?: Clock;
  /** Closed with the platform, as the engine and the database. */
  readonly ledger?: Ledger;
  readonly engine?: Engine & { close?(reason: string): Promise<void> };
  readonly database?: Database;
  /** A PostgreSQL server instead of the one in the process. */
  readonly databaseUrl?: string | undefined;
  readonly logger?: FastifyBaseLogger;
  /** When a lease counts. Default committed. */
  readonly finality?: FinalityWish;
  /** Default 1200 requests a minute and person. */
  readonly rateLimit?: RateLimit;
}

/** A platform that is ready for requests; it does not listen yet. */
export interface Platform {
  readonly app: FastifyInstance;
  /** Ends all runs, with the reason on the ledger, and then everything else. */
  close(): Promise<void>;
}

/** Opens what the platform keeps, finishes what an earlier one left undone, and registers all routes. */
export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock = systemClock, logger = createLogger(), organizations } = options;
  const folder = await stateFolder(options);
  // The ledger first: its lock keeps a second platform away from everything else.
  const ledger = options.ledger ?? (await openLedger(options, folder, clock));
  const undo: (() => Promise<void>)[] = [() => ledger.close()];
  const given = options.database;
  if (given) undo.unshift(() => given.destroy());
  try {
    const keys = await joinAll(join(folder, 'vault', 'keys'), organizations, ledger, clock);
    const vault = await Vault.open(join(folder, 'vault', 'details'), keys);
    const db = given ?? (await openDatabase(options, folder, logger));
    if (!given) undo.unshift(() => db.destroy());
    const watch = new LeaseWatch(ledger, clock);
    undo.unshift(() => {
      watch.close();
      return Promise.resolve();
    });
    const projection = await Projection.open(db, ledger, logger);
    undo.unshift(() => projection.close());
    await vault.eraseAllBut(await publishedDetails(db));
    watch.load(await activeLeases(db, clock.now()));

    const commander = new Commander({
      ...{ ledger, projection, db, keys, clock, log: logger },
      finality: options.finality
    });
    const engine = options.engine ?? (await openEngine(options, folder));
    const supervisor = new Supervisor({
      engine,
      watch,
      clock,
      log: logger,
      submit: (actor, command) => commander.submit(actor, command)
    });
    undo.unshift(async () => {
      await engine.close?.('the platform was stopped');
      await supervisor.close();
    });
    for (const run of await goingRuns(db)) await supervisor.resume(run, await namedLeases(db, run.leases));

    const dataRoot = (organization: string): string => join(folder, 'data', organization);
    const datasets = new DatasetService({ db, ledger, commander, vault, clock, dataRoot });
    const leases = new LeaseService({ db, ledger, commander, datasets, clock });
    const runs = new RunService({
      db,
      commander,
      datasets,
      ledger,
      vault,
      fences: new Fences(join(folder, 'fences')),
      clock,
      dataRoot,
      engine,
      engineName: 'local',
      supervisor,
      requests: new Requests(join(folder, 'requests')),
      log: logger,
      homes: join(folder, 'homes'),
      home: options.home ?? '/home/jovyan'
    });
    const app = await createServer({ logger, version, rateLimit: options.rateLimit ?? { max: 1200, window: 60_000 } });
    undo.unshift(() => app.close());
    const prefix = options.prefix ?? '/services/platform/';
    const api = `${prefix}api/v1/`;
    guard(app, {
      prefix,
      service: options.service ?? 'platform',
      organizations,
      identify: cachedIdentity(options.identify, clock)
    });
    serviceRoutes(app, { prefix, version, unready: () => unready(db, ledger), witnesses: () => ledger.witnesses() });
    ledgerRoutes(app, api, ledger);
    authRoutes(app, { api, organizations, keys });
    datasetRoutes(app, api, datasets);
    leaseRoutes(app, api, leases);
    runRoutes(app, api, runs);
    resultRoutes(app, api, new ResultService({ db, commander, engine }));
    algorithmRoutes(app, api, new AlgorithmService({ ledger, commander }));
    await app.ready();
    const missing = missingRoutes(app, prefix);
    if (missing.length > 0) throw new Error(`the permission table has lines without a route: ${missing.join(', ')}`);
    return { app, close: once(() => closeAll(undo)) };
  } catch (error) {
    await closeAll(undo);
    throw error;
  }
}

async function stateFolder({ state, organizations }: PlatformOptions): Promise<string> {
  const secret = ['', 'ledger', 'vault', 'vault/keys', 'runs', 'requests', 'fences', 'logs', 'data'];
  for (const name of [...secret, 'homes', ...organizations.map(one => join('data', one.id))]) {
    await mkdir(join(state, name), { recursive: true, mode: 0o700 });
  }
  return realpath(state);
}

async function openDatabase(options: PlatformOptions, folder: string, log: FastifyBaseLogger): Promise<Database> {
  return options.databaseUrl === undefined
    ? openFolder(join(folder, 'db'), log)
    : openPostgres(options.databaseUrl, log);
}

function openLedger({ witnesses = [] }: PlatformOptions, folder: string, clock: Clock): Promise<Ledger> {
  return openEmbeddedLedger({ folder: join(folder, 'ledger'), clock: () => clock.now(), witnesses });
}

function openEngine({ readOnly, jobEnv, slots }: PlatformOptions, folder: string): ReturnType<typeof openLocalEngine> {
  return openLocalEngine({
    folder: join(folder, 'runs'),
    ...(readOnly && { readOnly }),
    ...(jobEnv && { env: jobEnv }),
    ...(slots !== undefined && { slots })
  });
}

async function namedLeases(db: Database, ids: readonly string[]): Promise<NamedLease[]> {
  const rows = await Promise.all(ids.map(id => findLease(db, id)));
  return ids.map((id, i) => {
    const row = rows[i];
    return { id, title: row ? descriptionOf(row.dataset).title : 'a dataset' };
  });
}

async function unready(db: Database, ledger: Ledger): Promise<string[]> {
  const database = await sql`select 1`.execute(db).then(
    () => true,
    () => false
  );
  return [...(database ? [] : ['database']), ...(ledger.state().state === 'serving' ? [] : ['ledger'])];
}

async function closeAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const one of undo) await one().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the platform could not be closed in order');
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}
