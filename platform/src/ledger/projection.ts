import type { DatasetRecord, Entry, Ledger, LedgerEvent, LeaseRecord, RunRecord } from '@jupyterflow/ledger';
import type { FastifyBaseLogger } from 'fastify';
import type { Transaction } from 'kysely';
import type { Database, Tables } from '../db/tables.js';
import { commandKey } from './command-id.js';

const BATCH = 500;
const RETRY = 1000;

/** Keeps the database equal to the ledger: from the stored place on at the start, then with each entry. */
export class Projection {
  readonly #db: Database;
  readonly #ledger: Ledger;
  readonly #log: FastifyBaseLogger;
  readonly #unsubscribe: () => void;
  readonly #waiting = new Set<{ readonly index: number; resolve(): void; reject(error: unknown): void }>();
  #arrived: Entry[] = [];
  #next = 0;
  #working: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(db: Database, ledger: Ledger, log: FastifyBaseLogger) {
    [this.#db, this.#ledger, this.#log] = [db, ledger, log];
    this.#unsubscribe = ledger.subscribe(entry => {
      this.#arrived.push(entry);
      this.#work();
    });
  }

  /** Resolves when all that the ledger holds now is in the database. */
  static async open(db: Database, ledger: Ledger, log: FastifyBaseLogger): Promise<Projection> {
    const projection = new Projection(db, ledger, log);
    projection.#working = projection.#resume();
    await projection.#working;
    projection.#working = undefined;
    projection.#work();
    return projection;
  }

  /** Resolves once the entry of this index is in the database. */
  reached(index: number): Promise<void> {
    if (index < this.#next) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.add({ index, resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#retry);
    await this.#working?.catch(() => undefined);
    this.#wake(new Error('the platform is closing'));
  }

  async #resume(): Promise<void> {
    const stored = await this.#db.selectFrom('projection').selectAll().executeTakeFirst();
    if (stored) {
      const last = await first(this.#ledger.entries(stored.next - 1));
      if (last?.signed.signature === stored.signature) this.#next = stored.next;
      else await this.#clear();
    }
    await this.#catchUp();
  }

  /** The database is of another ledger, or ahead of this one. */
  async #clear(): Promise<void> {
    this.#log.warn('the database does not fit to the ledger and is made anew');
    await this.#db.transaction().execute(async tx => {
      for (const table of ['projection', 'datasets', 'leases', 'runs', 'commands'] as const)
        await tx.deleteFrom(table).execute();
    });
  }

  async #catchUp(): Promise<void> {
    let batch: Entry[] = [];
    for await (const entry of this.#ledger.entries(this.#next)) {
      batch.push(entry);
      if (batch.length === BATCH) {
        await this.#apply(batch);
        batch = [];
      }
    }
    await this.#apply(batch);
  }

  #work(): void {
    if (this.#working || this.#closed) return;
    this.#working = this.#drain()
      .catch((error: unknown) => {
        this.#log.error({ err: error }, 'the database could not follow the ledger');
        this.#wake(error);
        this.#retry = setTimeout(() => this.#work(), RETRY);
        this.#retry.unref();
      })
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #drain(): Promise<void> {
    for (;;) {
      this.#arrived = this.#arrived.filter(entry => entry.index >= this.#next);
      const batch = this.#arrived.slice(0, BATCH);
      if (batch.length === 0) return;
      if (batch[0]?.index === this.#next) await this.#apply(batch);
      else await this.#catchUp();
    }
  }

  async #apply(batch: readonly Entry[]): Promise<void> {
    const last = batch.at(-1);
    if (!last) return;
    await this.#db.transaction().execute(async tx => {
      for (const entry of batch) await fold(tx, entry);
      const place = { next: last.index + 1, signature: last.signed.signature };
      await tx
        .insertInto('projection')
        .values({ id: 1, ...place })
        .onConflict(c => c.column('id').doUpdateSet(place))
        .execute();
    });
    this.#next = last.index + 1;
    this.#wake();
  }

  #wake(error?: unknown): void {
    for (const one of this.#waiting) {
      if (error === undefined && one.index >= this.#next) continue;
      this.#waiting.delete(one);
      if (error === undefined) one.resolve();
      else one.reject(error);
    }
  }
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

async function fold(tx: Transaction<Tables>, entry: Entry): Promise<void> {
  for (const event of entry.events) {
    if ('dataset' in event) await putDataset(tx, event.dataset);
    else if ('lease' in event) await putLease(tx, event.lease);
    else if ('run' in event) await putRun(tx, event.run);
  }
  const [key, resource] = [commandKey(entry.signed.envelope.id), resourceOf(entry.events)];
  if (key && resource !== undefined) {
    await tx
      .insertInto('commands')
      .values({ ...key, resource })
      .onConflict(c => c.column('key').doNothing())
      .execute();
  }
}

/** What a command was about; a command about one thing has one event of it first. */
function resourceOf(events: readonly LedgerEvent[]): string | undefined {
  const [event] = events;
  if (!event) return undefined;
  if ('dataset' in event) return event.dataset.id;
  if ('lease' in event) return event.lease.id;
  if ('run' in event) return event.run.id;
  if ('algorithm' in event) return event.algorithm.digest;
  return 'organization' in event ? event.organization.id : undefined;
}

async function putDataset(tx: Transaction<Tables>, record: DatasetRecord): Promise<void> {
  const { title, name, description, tags, columns } = record.description;
  const values = {
    owner: record.owner,
    state: record.state,
    sortTitle: String(title).toLowerCase(),
    concurrency: record.policy.concurrency,
    organizations: JSON.stringify(record.policy.organizations),
    words: [title, name, description, tags, columns, record.owner].flat().join('\n').toLowerCase(),
    record: JSON.stringify(record)
  };
  await tx
    .insertInto('datasets')
    .values({ id: record.id, ...values })
    .onConflict(c => c.column('id').doUpdateSet(values))
    .execute();
}

async function putLease(tx: Transaction<Tables>, record: LeaseRecord): Promise<void> {
  const { dataset, owner, organization, user, state, requestedAt, expiresAt = null } = record;
  const values = { dataset, owner, organization, user, state, requestedAt, expiresAt, record: JSON.stringify(record) };
  await tx
    .insertInto('leases')
    .values({ id: record.id, ...values })
    .onConflict(c => c.column('id').doUpdateSet(values))
    .execute();
}

async function putRun(tx: Transaction<Tables>, record: RunRecord): Promise<void> {
  const { organization, user, state, startedAt } = record;
  const values = { organization, user, state, startedAt, record: JSON.stringify(record) };
  await tx
    .insertInto('runs')
    .values({ id: record.id, ...values })
    .onConflict(c => c.column('id').doUpdateSet(values))
    .execute();
}
