import { join } from 'node:path';
import {
  EngineError,
  type EngineRun,
  type JobForecast,
  type LogOptions,
  type RetryOptions,
  type Submission
} from '../engine.js';
import { digestsOf, earlierOf } from './again.js';
import { forecast } from './cache/forecast.js';
import { RunCache } from './cache/run-cache.js';
import { ResultStore } from './cache/store.js';
import { checkSubmission } from './check.js';
import { Conductor, type ConductorParts } from './conductor.js';
import { Entries, untilFinished } from './entries.js';
import type { Going } from './going.js';
import type { LocalEngine } from './index.js';
import type { Beginning, Journal } from './journal.js';
import { readRecord, removeTree } from './records.js';
import { ActiveRun, type Earlier, type RunOutcome } from './run.js';
import { resolveSecrets } from './secrets.js';
import { Signal } from './signal.js';
import { makeOutputRoot } from './temporary.js';
import { after, inWords } from './timer.js';
import { findData } from './workspace.js';

export interface EngineParts extends ConductorParts {
  /** Folder of the results of cached jobs. */
  readonly cache: string;
  /** Runs that have ended before. */
  readonly finished: readonly EngineRun[];
  /** Lets go of the folder. */
  readonly release: () => Promise<void>;
}

/** The port of the engine: what is asked of it, and the beginning and end of runs. */
export class Engine implements LocalEngine {
  readonly #parts: EngineParts;
  readonly #entries: Entries;
  readonly #conductor: Conductor;
  readonly #accepting = new Set<string>();
  readonly #settled = new Signal();
  #closing: RunOutcome | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#entries = new Entries(parts.records, parts.finished);
    this.#conductor = new Conductor(parts);
  }

  async submit(submission: Submission): Promise<EngineRun> {
    const { id } = submission;
    return this.#accepted(submission, () => {
      if (this.#entries.has(id)) throw new EngineError('RUN_EXISTS', `there is a run ${id} already`);
      return Promise.resolve(undefined);
    });
  }

  async retry(submission: Submission, { from = [] }: RetryOptions = {}): Promise<EngineRun> {
    const { id, plan } = submission;
    return this.#accepted(submission, async () => {
      const { published, going } = this.#entries.get(id);
      if (going !== undefined) throw new EngineError('RUN_ACTIVE', `the run ${id} is going`);
      if (published.state === 'Succeeded' && from.length === 0) {
        throw new EngineError('RUN_SUCCEEDED', `the run ${id} Succeeded; name the jobs that are to run again`);
      }
      const record = await readRecord(this.#parts.records.folderOf(id));
      return earlierOf(plan, record ?? { run: published, processes: [] }, from);
    });
  }

  explain(submission: Submission): Promise<readonly JobForecast[]> {
    checkSubmission(submission);
    return forecast(submission, this.#storeOf(submission), this.#parts.env);
  }

  get(id: string): Promise<EngineRun | undefined> {
    return Promise.resolve(this.#entries.find(id)?.published);
  }

  list(): Promise<readonly EngineRun[]> {
    return Promise.resolve(this.#entries.list());
  }

  watch(id: string, signal?: AbortSignal): AsyncGenerator<EngineRun> {
    return this.#entries.watch(id, signal);
  }

  logs(id: string, job: string, options?: LogOptions): AsyncGenerator<string> {
    return this.#entries.logs(id, job, options);
  }

  async stop(id: string, reason: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry.going !== undefined) this.#conductor.abort(entry.going, { state: 'Error', reason });
    await untilFinished(entry);
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry.going !== undefined || this.#accepting.has(id))
      throw new EngineError('RUN_ACTIVE', `the run ${id} is going; stop it before it is removed`);
    this.#entries.delete(id);
    await this.#parts.records.remove(id);
  }

  async close(reason: string): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#closing = { state: 'Error', reason };
    while (this.#accepting.size > 0) await this.#settled.next();
    const { going } = this.#conductor;
    for (const of of going) this.#conductor.abort(of, this.#closing, false);
    await Promise.all(going.map(of => untilFinished(of.entry)));
    await this.#parts.release();
  }

  /** Makes sure that a submission can be carried out here, and begins. */
  async #accepted(submission: Submission, check: () => Promise<Earlier | undefined>): Promise<EngineRun> {
    if (this.#closing !== undefined) throw new Error('the engine is closed');
    checkSubmission(submission);
    const { id } = submission;
    if (this.#accepting.has(id)) throw new EngineError('RUN_EXISTS', `the run ${id} is about to begin`);
    this.#accepting.add(id);
    try {
      const earlier = await check();
      await this.#parts.sandbox.check(submission);
      for (const mount of [...submission.mounts.values()].flat()) await findData(mount);
      const secrets = await resolveSecrets(submission);
      const run = new ActiveRun(submission, Date.now(), earlier);
      const journal = await (earlier === undefined ? this.#create(run) : this.#resume(run));
      const entry = this.#entries.publish(run.snapshot());
      const store = this.#storeOf(submission);
      const temporary = this.#parts.records.temporaryOf(id);
      const cache = store && new RunCache(store, submission, this.#parts.env, temporary, earlier === undefined);
      return this.#accept({ run, journal, secrets, entry, ...(cache && { cache }), waits: new Map(), saving: false });
    } finally {
      this.#accepting.delete(id);
      this.#settled.notify();
    }
  }

  /** Makes the run's folder; when this resolves the run is on disk. */
  async #create(run: ActiveRun): Promise<Journal> {
    const { records } = this.#parts;
    const journal = await records.create(beginningOf(run));
    try {
      await makeOutputRoot(records.temporaryOf(run.id));
      return journal;
    } catch (error) {
      await journal.close();
      await removeTree(records.folderOf(run.id));
      throw error;
    }
  }

  /** When this resolves it is on disk that the run goes on. */
  async #resume(run: ActiveRun): Promise<Journal> {
    const { records } = this.#parts;
    await makeOutputRoot(records.temporaryOf(run.id));
    const journal = await records.resume(beginningOf(run));
    try {
      await journal.begin(beginningOf(run));
      return journal;
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  #accept(going: Going): EngineRun {
    const { entry, run } = going;
    const { deadline } = run.plan;
    if (deadline !== undefined) {
      const reason = `the deadline of the run, ${inWords(deadline)}, has passed`;
      const cancel = after(deadline * 1000, () => this.#conductor.abort(going, { state: 'Failed', reason }));
      void untilFinished(entry).then(cancel);
    }
    this.#conductor.add(going);
    if (this.#closing !== undefined) this.#conductor.abort(going, this.#closing, false);
    return entry.published;
  }

  #storeOf({ cacheScope }: Submission): ResultStore | undefined {
    return cacheScope === undefined ? undefined : new ResultStore(join(this.#parts.cache, cacheScope));
  }
}

function beginningOf(run: ActiveRun): Beginning {
  return { run: run.snapshot(), digests: digestsOf(run.plan) };
}
