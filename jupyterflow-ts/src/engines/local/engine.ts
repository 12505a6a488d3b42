import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  EngineError,
  type EngineJob,
  type EngineRun,
  type JobForecast,
  type LogOptions,
  type RetryOptions,
  type Submission
} from '../engine.js';
import { digestsOf, earlierOf } from './again.js';
import type { Budget } from './budget.js';
import { forecast } from './cache/forecast.js';
import { RunCache } from './cache/run-cache.js';
import { ResultStore } from './cache/store.js';
import { checkSubmission, workdirOf } from './check.js';
import { commandOf, environmentOf, type Command } from './command.js';
import type { Fifos } from './fifos.js';
import type { LocalEngine } from './index.js';
import type { Beginning, Journal } from './journal.js';
import { readLog } from './log-reader.js';
import { LogWriter } from './log.js';
import { readOutputs } from './outputs.js';
import { readRecord, removeTree, type Records } from './records.js';
import { ActiveRun, logPath, type Earlier, type JobEnd, type RunOutcome } from './run.js';
import type { AttemptEnd, Sandbox } from './sandbox.js';
import { resolveSecrets, type Secrets } from './secrets.js';
import { Signal } from './signal.js';
import { makeOutputFolder, makeOutputRoot } from './temporary.js';
import { after, inWords } from './timer.js';
import { MissingValue } from './values.js';
import { outOfWalltime } from './verdict.js';
import { findData, workspacePath } from './workspace.js';

/** Shortest time between two writes to a journal, in milliseconds: what changes meanwhile is one write. */
const COMMIT_PAUSE = 2;

/** How long a log waits for processes that left their job's process group, in milliseconds. */
const LOG_PATIENCE = 1000;

export interface EngineParts {
  readonly records: Records;
  readonly sandbox: Sandbox;
  readonly fifos: Fifos;
  readonly budget: Budget;
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the results of cached jobs. */
  readonly cache: string;
  /** Runs that have ended before. */
  readonly finished: readonly EngineRun[];
  /** Lets go of the folder. */
  readonly release: () => Promise<void>;
}

/** A run as others see it. What they see is on disk already, so nothing of it is lost when this process dies. */
interface Entry {
  published: EngineRun;
  /** Only while the run is going. */
  going?: Going;
  /** The run changed. */
  readonly changed: Signal;
  /** The run changed, or a job wrote something. */
  readonly output: Signal;
}

/** What is only there while a run is going: it knows where data is, and secrets. */
interface Going {
  readonly run: ActiveRun;
  readonly journal: Journal;
  readonly secrets: Secrets;
  readonly entry: Entry;
  /** Absent: every job runs. */
  readonly cache?: RunCache;
  /** What cancels the wait of a job for its next attempt, or for a place. */
  readonly waits: Map<number, () => void>;
  saving: boolean;
}

export class Engine implements LocalEngine {
  readonly #parts: EngineParts;
  readonly #entries = new Map<string, Entry>();
  readonly #accepting = new Set<string>();
  readonly #settled = new Signal();
  readonly #going = new Set<Going>();
  #closing: RunOutcome | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    for (const run of parts.finished) this.#entries.set(run.id, entryOf(run));
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
      const { published, going } = this.#entry(id);
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
    return Promise.resolve(this.#entries.get(id)?.published);
  }

  list(): Promise<readonly EngineRun[]> {
    return Promise.resolve([...this.#entries.values()].map(entry => entry.published));
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<EngineRun> {
    const entry = this.#entry(id);
    let shown: EngineRun | undefined;
    while (!signal?.aborted) {
      const run = entry.published;
      if (run !== shown) yield run;
      shown = run;
      if (run.finishedAt !== undefined) return;
      if (entry.published === run) await entry.changed.next(signal);
    }
  }

  async *logs(id: string, job: string, options: LogOptions = {}): AsyncGenerator<string> {
    const entry = this.#entry(id);
    let attempt = options.attempt ?? Math.max(1, jobOf(entry, job).attempts);
    yield* this.#logOf(entry, job, attempt, options);
    while (options.follow && options.attempt === undefined && jobOf(entry, job).attempts > attempt) {
      if (options.signal?.aborted) return;
      attempt += 1;
      yield* this.#logOf(entry, job, attempt, { ...options, tail: Infinity });
    }
  }

  async stop(id: string, reason: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.going !== undefined) this.#abort(entry.going, { state: 'Error', reason });
    await untilFinished(entry);
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.going !== undefined || this.#accepting.has(id))
      throw new EngineError('RUN_ACTIVE', `the run ${id} is going; stop it before it is removed`);
    this.#entries.delete(id);
    await this.#parts.records.remove(id);
  }

  async close(reason: string): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#closing = { state: 'Error', reason };
    while (this.#accepting.size > 0) await this.#settled.next();
    const going = [...this.#going];
    for (const of of going) this.#abort(of, this.#closing, false);
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
      const entry = this.#entries.get(id) ?? entryOf(run.snapshot());
      entry.published = run.snapshot();
      this.#entries.set(id, entry);
      const store = this.#storeOf(submission);
      const cache =
        store && new RunCache(store, submission, this.#parts.env, this.#temporary(id), earlier === undefined);
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
      await makeOutputRoot(this.#temporary(run.id));
      return journal;
    } catch (error) {
      await journal.close();
      await removeTree(records.folderOf(run.id));
      throw error;
    }
  }

  /** When this resolves it is on disk that the run goes on. */
  async #resume(run: ActiveRun): Promise<Journal> {
    await makeOutputRoot(this.#temporary(run.id));
    const journal = await this.#parts.records.resume(beginningOf(run));
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
    entry.going = going;
    this.#going.add(going);
    const { deadline } = run.plan;
    if (deadline !== undefined) {
      const reason = `the deadline of the run, ${inWords(deadline)}, has passed`;
      const cancel = after(deadline * 1000, () => this.#abort(going, { state: 'Failed', reason }));
      void untilFinished(entry).then(cancel);
    }
    if (this.#closing !== undefined) this.#abort(going, this.#closing, false);
    this.#pump();
    return entry.published;
  }

  /** Starts what the rules and the places allow, older runs first. A job that does not fit holds up those after it. */
  #pump(): void {
    let full = false;
    for (const going of this.#going) {
      const { run } = going;
      if (run.isOver()) continue;
      for (const node of run.advance(Date.now())) this.#ready(going, node);
      for (let node = run.next(); node !== undefined && !full; node = run.next()) {
        full = !this.#parts.budget.fits(run.planJob(node));
        if (!full) this.#begin(going, node);
      }
      this.#save(going);
    }
  }

  /** A job may begin, unless its result is there already. */
  #ready(going: Going, node: number): void {
    const { run, cache } = going;
    if (cache === undefined || run.planJob(node).cache === undefined) {
      this.#queue(going, node);
      return;
    }
    void this.#fromCache(going, cache, node).then(outputs => {
      if (outputs === undefined) this.#queue(going, node);
      else run.finish(node, { phase: 'Succeeded', cached: true, outputs }, Date.now());
      this.#pump();
    });
  }

  /** The outputs of a job that need not run. Whoever may not run it gets no result either. */
  async #fromCache({ run, secrets }: Going, cache: RunCache, node: number): Promise<EngineJob['outputs']> {
    const planned = run.planned(node);
    if (refusalOf(run.submission, planned.name) !== undefined) return undefined;
    try {
      const job = run.planJob(node);
      const command = commandOf(job, run.scope(node), secrets);
      return await cache.take({ job, planned, command, before: run.before(node) });
    } catch {
      // What is wrong with the job is said when it begins; what is wrong with the cache costs time alone.
      return undefined;
    }
  }

  #queue(going: Going, node: number): void {
    const { run } = going;
    const { queueTimeout } = run.planJob(node);
    run.queue(node);
    if (queueTimeout === undefined) return;
    const reason = `waited longer than ${inWords(queueTimeout)} for a place`;
    this.#wait(going, node, queueTimeout * 1000, () => run.finish(node, { phase: 'Failed', reason }, Date.now()));
  }

  #wait({ waits }: Going, node: number, milliseconds: number, action: () => void): void {
    const due = (): void => {
      waits.delete(node);
      action();
      this.#pump();
    };
    waits.set(node, after(milliseconds, due));
  }

  #begin(going: Going, node: number): void {
    const { run } = going;
    const job = run.planJob(node);
    going.waits.get(node)?.();
    going.waits.delete(node);
    const refusal = refusalOf(run.submission, run.planned(node).name);
    if (refusal !== undefined) {
      this.#abort(going, { state: 'Error', reason: refusal });
      return;
    }
    let command: Command;
    try {
      command = commandOf(job, run.scope(node), going.secrets);
    } catch (error) {
      if (!(error instanceof MissingValue)) throw error;
      run.finish(node, { phase: 'Error', reason: error.message }, Date.now());
      for (const able of run.advance(Date.now())) this.#ready(going, able);
      return;
    }
    this.#parts.budget.take(job);
    const attempt = run.begin(node, Date.now());
    void this.#execute(going, node, attempt, command).then(end => {
      this.#parts.budget.giveBack(job);
      const again = run.end(node, end, Date.now());
      if (again !== undefined) this.#wait(going, node, again, () => run.queue(node));
      this.#pump();
      this.#save(going);
    });
  }

  /** One attempt from its log's first byte to its last. */
  async #execute(going: Going, node: number, attempt: number, command: Command): Promise<JobEnd> {
    const { run, entry } = going;
    const path = logPath(this.#parts.records.folderOf(run.id), run.planJob(node).name, attempt);
    let log: LogWriter | undefined;
    try {
      log = new LogWriter(path, await this.#parts.fifos.take(), entry.output);
      const end = await this.#run(going, node, attempt, command, log);
      await log.finish(LOG_PATIENCE, end.kind === 'exited' ? end.note : undefined);
      return end.kind === 'exited' && end.code === 0 ? { ...end, ...(await this.#left(going, node)) } : end;
    } catch (error) {
      await log?.finish(LOG_PATIENCE).catch(() => undefined);
      return { kind: 'error', reason: `the job could not be started: ${describe(error)}` };
    }
  }

  async #run(going: Going, node: number, attempt: number, command: Command, log: LogWriter): Promise<AttemptEnd> {
    const { run } = going;
    const { home, mounts: all } = run.submission;
    const job = run.planJob(node);
    const mounts = all.get(run.planned(node).name) ?? [];
    const temporary = this.#temporary(run.id);
    const view = this.#parts.sandbox.view(home, temporary);
    const workdir = view.locate(workdirOf(job, workspacePath(home), mounts));
    makeOutputFolder(temporary, job.name);
    if (run.endingOf(node) !== undefined) return { kind: 'error', reason: 'the run is being ended' };
    const folder = this.#parts.records.folderOf(run.id);
    const started = await this.#parts.sandbox.start({
      argv: command.argv,
      ...(command.script === undefined
        ? {}
        : { script: { text: command.script, path: join(folder, job.name, `${attempt}.script`) } }),
      env: environmentOf(run.id, job.name, attempt, view, this.#parts.env, command.env),
      workdir,
      home,
      mounts,
      temporary,
      output: log.output
    });
    run.started(node, started);
    log.seal();
    void started.processes.then(processes => {
      run.record(node, processes);
      this.#save(going);
    });
    return this.#inTime(run, node, started.ended);
  }

  /** Ends an attempt that takes longer than it may, or than all of its job's attempts together may. */
  #inTime(run: ActiveRun, node: number, ended: Promise<AttemptEnd>): Promise<AttemptEnd> {
    const { timeout = Infinity, walltime = Infinity } = run.planJob(node);
    const left = walltime * 1000 - run.elapsed(node, Date.now());
    const limit = Math.max(0, Math.min(timeout * 1000, left));
    if (limit === Infinity) return ended;
    const reason = left < timeout * 1000 ? outOfWalltime(walltime) : `timed out after ${inWords(timeout)}`;
    const cancel = after(limit, () => run.timeOut(node, reason));
    return ended.finally(cancel);
  }

  /** What a job that went well left. */
  async #left({ run, cache }: Going, node: number): Promise<Pick<JobEnd, 'outputs' | 'missing'>> {
    const job = run.planJob(node);
    const { home, mounts } = run.submission;
    const roots = { home, temporary: this.#temporary(run.id) };
    const workdir = workdirOf(job, workspacePath(home), mounts.get(run.planned(node).name) ?? []);
    const outputs = await readOutputs(job, workdir, roots);
    if ('missing' in outputs) return outputs;
    // A result that can't be kept is none the worse.
    await cache?.put(job.name, outputs.values).catch(() => undefined);
    return job.outputs === undefined ? {} : { outputs: outputs.values };
  }

  #storeOf({ cacheScope }: Submission): ResultStore | undefined {
    return cacheScope === undefined ? undefined : new ResultStore(join(this.#parts.cache, cacheScope));
  }

  #abort(going: Going, outcome: RunOutcome, exit = true): void {
    if (going.run.isOver()) return;
    for (const cancel of going.waits.values()) cancel();
    going.waits.clear();
    going.run.abort(outcome, Date.now(), exit);
    for (const node of going.run.advance(Date.now())) this.#ready(going, node);
    this.#save(going);
    queueMicrotask(() => this.#pump());
  }

  /** Has the run written to disk and then shown; changes meanwhile are gathered into the next write. */
  #save(going: Going): void {
    if (!going.saving && going.run.isChanged()) void this.#saveAll(going);
  }

  async #saveAll(going: Going): Promise<void> {
    const { run, entry, journal } = going;
    going.saving = true;
    while (run.isChanged() && entry.going === going) {
      // What changes together is one write.
      await Promise.resolve();
      const changes = run.takeChanges();
      let seen = run.snapshot();
      // What is not done can be done by a retry, which needs what the others left.
      if (seen.state === 'Succeeded') await removeTree(this.#temporary(run.id)).catch(() => undefined);
      try {
        await journal.write(changes.change);
      } catch (error) {
        run.lose(`the record of the run could not be written: ${describe(error)}`, Date.now());
        seen = run.snapshot();
      }
      if (seen.finishedAt !== undefined) {
        this.#going.delete(going);
        delete entry.going;
        await journal.close().catch(() => undefined);
      }
      entry.published = seen;
      entry.changed.notify();
      entry.output.notify();
      run.saved(changes);
      if (changes.succeeded.length > 0) this.#pump();
      if (!run.isOver()) await pause(COMMIT_PAUSE);
    }
    going.saving = false;
  }

  #logOf(entry: Entry, job: string, attempt: number, options: LogOptions): AsyncGenerator<string> {
    return readLog(logPath(this.#parts.records.folderOf(entry.published.id), job, attempt), {
      ...options,
      changed: entry.output,
      isComplete: () => {
        const { phase, attempts } = jobOf(entry, job);
        return options.follow !== true || attempts > attempt || (phase !== 'Pending' && phase !== 'Running');
      }
    });
  }

  #temporary(id: string): string {
    return join(this.#parts.records.folderOf(id), '.tmp');
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new EngineError('UNKNOWN_RUN', `there is no run ${id}`);
    return entry;
  }
}

function beginningOf(run: ActiveRun): Beginning {
  return { run: run.snapshot(), digests: digestsOf(run.plan) };
}

function entryOf(run: EngineRun): Entry {
  return { published: run, changed: new Signal(), output: new Signal() };
}

function jobOf(entry: Entry, name: string): EngineJob {
  const job = entry.published.jobs.find(of => of.name === name);
  if (job === undefined) throw new EngineError('UNKNOWN_JOB', `the run ${entry.published.id} has no job ${name}`);
  return job;
}

async function untilFinished(entry: Entry): Promise<void> {
  while (entry.published.finishedAt === undefined) await entry.changed.next();
}

/** Fails closed: a caller that can't answer has not allowed. */
function refusalOf({ admit }: Submission, job: string): string | undefined {
  try {
    return admit?.(job);
  } catch {
    return `whether ${job} may start could not be found out`;
  }
}

/** An error without the paths that a system's message holds. */
function describe(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? 'internal error';
}
