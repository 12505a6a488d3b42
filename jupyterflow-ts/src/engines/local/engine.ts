import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, type EngineJob, type EngineRun, type LogOptions, type Submission } from '../engine.js';
import { staticText } from '../../plan/text.js';
import { checkSubmission, workdirOf } from './check.js';
import { environmentOf, outputFolder } from './environment.js';
import type { LocalEngine } from './index.js';
import { readLog } from './log-reader.js';
import { LogWriter } from './log.js';
import { removeTree, type Records } from './records.js';
import { ActiveRun, logPath } from './run.js';
import type { AttemptEnd, Sandbox } from './sandbox.js';
import type { Outcome } from './schedule.js';
import { Signal } from './signal.js';
import { after, inWords } from './timer.js';
import { findData, workspacePath } from './workspace.js';

/** How long a log waits for processes that left their job's process group, in milliseconds. */
const LOG_PATIENCE = 1000;

export interface EngineParts {
  readonly records: Records;
  readonly sandbox: Sandbox;
  readonly slots: number;
  readonly env: Readonly<Record<string, string>>;
  /** Runs that have ended before. */
  readonly finished: readonly EngineRun[];
  /** Lets go of the folder. */
  readonly release: () => Promise<void>;
}

/** A run as others see it. What they see is on disk already, so nothing of it is lost when this process dies. */
interface Entry {
  published: EngineRun;
  /** Only while the run is going: it knows where data is. */
  active?: ActiveRun;
  /** The run changed. */
  readonly changed: Signal;
  /** The run changed, or a job wrote something. */
  readonly output: Signal;
  unsaved: boolean;
  saving: boolean;
}

type ActiveEntry = Entry & { active: ActiveRun };

export class Engine implements LocalEngine {
  readonly #parts: EngineParts;
  readonly #entries = new Map<string, Entry>();
  readonly #accepting = new Set<string>();
  readonly #settled = new Signal();
  readonly #active = new Map<string, ActiveEntry>();
  #used = 0;
  #closing: Outcome | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    for (const run of parts.finished) this.#entries.set(run.id, entryOf(run));
  }

  async submit(submission: Submission): Promise<EngineRun> {
    if (this.#closing !== undefined) throw new Error('the engine is closed');
    checkSubmission(submission);
    const { id } = submission;
    if (this.#entries.has(id) || this.#accepting.has(id))
      throw new EngineError('RUN_EXISTS', `there is a run ${id} already`);
    this.#accepting.add(id);
    try {
      await this.#parts.sandbox.check(submission);
      for (const mount of [...submission.mounts.values()].flat()) await findData(mount);
      const active = new ActiveRun(submission, Date.now());
      await this.#create(active);
      return this.#accept(active);
    } finally {
      this.#accepting.delete(id);
      this.#settled.notify();
    }
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
    this.#abort(entry, { state: 'Error', reason });
    await untilFinished(entry);
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.published.finishedAt === undefined) {
      throw new EngineError('RUN_ACTIVE', `the run ${id} is going; stop it before it is removed`);
    }
    this.#entries.delete(id);
    await this.#parts.records.remove(id);
  }

  async close(reason: string): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#closing = { state: 'Error', reason };
    while (this.#accepting.size > 0) await this.#settled.next();
    const active = [...this.#active.values()];
    for (const entry of active) this.#abort(entry, this.#closing);
    await Promise.all(active.map(untilFinished));
    await this.#parts.release();
  }

  /** Makes the run's folder; when this resolves the run is on disk. */
  async #create(active: ActiveRun): Promise<void> {
    const { records } = this.#parts;
    await records.createFolder(active.id);
    try {
      await records.write(active.record());
      for (const { name } of active.plan.jobs) {
        await mkdir(join(this.#temporary(active.id), outputFolder(name)), { recursive: true, mode: 0o700 });
      }
    } catch (error) {
      await removeTree(records.folderOf(active.id));
      throw error;
    }
  }

  #accept(active: ActiveRun): EngineRun {
    const entry = { ...entryOf(active.snapshot()), active };
    this.#entries.set(active.id, entry);
    this.#active.set(active.id, entry);
    const { deadline } = active.plan;
    if (deadline !== undefined) {
      const reason = `the deadline of the run, ${inWords(deadline)}, has passed`;
      const cancel = after(deadline * 1000, () => this.#abort(entry, { state: 'Failed', reason }));
      void untilFinished(entry).then(cancel);
    }
    if (this.#closing !== undefined) this.#abort(entry, this.#closing);
    this.#pump();
    return entry.published;
  }

  /** Starts what the rules and the places allow, older runs first. */
  #pump(): void {
    for (const entry of this.#active.values()) {
      const { active } = entry;
      if (active.isOver()) continue;
      const { start, omit } = active.next(this.#parts.slots - this.#used, Date.now());
      for (const place of start) this.#begin(entry, place);
      if (start.length > 0 || omit.length > 0 || active.isOver()) this.#save(entry);
    }
  }

  #begin(entry: ActiveEntry, place: number): void {
    const { active } = entry;
    if (active.ending !== undefined) return;
    const refusal = refusalOf(active.submission, active.planJob(place).name);
    if (refusal !== undefined) {
      this.#abort(entry, { state: 'Error', reason: refusal });
      return;
    }
    this.#used += 1;
    const attempt = active.begin(place, Date.now());
    void this.#execute(entry, place, attempt).then(end => {
      this.#used -= 1;
      active.end(place, end, Date.now());
      this.#pump();
      this.#save(entry);
    });
  }

  /** One attempt from its log's first byte to its last. */
  async #execute(entry: ActiveEntry, place: number, attempt: number): Promise<AttemptEnd> {
    const { active } = entry;
    const path = logPath(this.#parts.records.folderOf(active.id), active.planJob(place).name, attempt);
    let end: AttemptEnd;
    let log: LogWriter | undefined;
    try {
      log = await LogWriter.create(path, entry.output);
      end = await this.#run(entry, place, attempt, log);
      await log.finish(LOG_PATIENCE, end.kind === 'exited' ? end.note : undefined);
    } catch (error) {
      end = { kind: 'error', reason: `the job could not be started: ${describe(error)}` };
      await log?.finish(LOG_PATIENCE).catch(() => undefined);
    }
    return end;
  }

  async #run(entry: ActiveEntry, place: number, attempt: number, log: LogWriter): Promise<AttemptEnd> {
    const { active } = entry;
    const { home, mounts: all } = active.submission;
    const job = active.planJob(place);
    const mounts = all.get(job.name) ?? [];
    const temporary = this.#temporary(active.id);
    const view = this.#parts.sandbox.view(home, temporary);
    const workdir = view.locate(workdirOf(job, workspacePath(home), mounts));
    const env = environmentOf(active.id, job, attempt, view, this.#parts.env);
    if (active.ending !== undefined) return { kind: 'error', reason: 'the run is being ended' };
    const started = await this.#parts.sandbox.start({
      argv: job.argv.map(staticText),
      env,
      workdir,
      home,
      mounts,
      temporary,
      output: log.output
    });
    active.started(place, started);
    await log.seal();
    void started.processes.then(processes => {
      active.keep(place, processes);
      this.#save(entry);
    });
    const { timeout } = job;
    if (timeout === undefined) return started.ended;
    const cancel = after(timeout * 1000, () => active.timeOut(place, `timed out after ${inWords(timeout)}`));
    return started.ended.finally(cancel);
  }

  #abort(entry: Entry, outcome: Outcome): void {
    if (entry.active === undefined || entry.active.isOver()) return;
    entry.active.abort(outcome, Date.now());
    this.#save(entry);
  }

  /** Has the run written to disk and then shown; changes meanwhile are gathered into the next write. */
  #save(entry: Entry): void {
    entry.unsaved = true;
    if (entry.saving || entry.active === undefined) return;
    entry.saving = true;
    void this.#saveAll(entry, entry.active);
  }

  async #saveAll(entry: Entry, active: ActiveRun): Promise<void> {
    while (entry.unsaved && entry.active !== undefined) {
      // What changes together is one write.
      await Promise.resolve();
      entry.unsaved = false;
      if (active.isOver()) await removeTree(this.#temporary(active.id)).catch(() => undefined);
      const record = active.record();
      let { run } = record;
      try {
        await this.#parts.records.write(record);
      } catch (error) {
        active.lose(`the record of the run could not be written: ${describe(error)}`, Date.now());
        run = active.snapshot();
      }
      if (run.finishedAt !== undefined) {
        this.#active.delete(active.id);
        delete entry.active;
      }
      entry.published = run;
      entry.changed.notify();
      entry.output.notify();
    }
    entry.saving = false;
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

function entryOf(run: EngineRun): Entry {
  return { published: run, changed: new Signal(), output: new Signal(), unsaved: false, saving: false };
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
