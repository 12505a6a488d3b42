import { EngineError, type EngineJob, type EngineRun, type LogOptions } from '../engine.js';
import type { Going } from './going.js';
import { readLog } from './log-reader.js';
import type { Records } from './records.js';
import { Signal } from './signal.js';

/** A run as others see it. What they see is on disk already, so nothing of it is lost when this process dies. */
export interface Entry {
  published: EngineRun;
  /** Only while the run is going. */
  going?: Going;
  /** The run changed. */
  readonly changed: Signal;
  /** The run changed, or a job wrote something. */
  readonly output: Signal;
}

/** All runs of an engine, going or not, and what can be asked of them. */
export class Entries {
  readonly #records: Records;
  readonly #entries = new Map<string, Entry>();

  constructor(records: Records, finished: readonly EngineRun[]) {
    this.#records = records;
    for (const run of finished) this.publish(run);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** @throws EngineError UNKNOWN_RUN */
  get(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new EngineError('UNKNOWN_RUN', `there is no run ${id}`);
    return entry;
  }

  /** Shows a run that begins, or is gone on with. */
  publish(run: EngineRun): Entry {
    const entry = this.#entries.get(run.id) ?? { published: run, changed: new Signal(), output: new Signal() };
    entry.published = run;
    this.#entries.set(run.id, entry);
    return entry;
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  list(): readonly EngineRun[] {
    return [...this.#entries.values()].map(({ published }) => published);
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<EngineRun> {
    const entry = this.get(id);
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
    const entry = this.get(id);
    let attempt = options.attempt ?? Math.max(1, jobOf(entry, job).attempts);
    yield* this.#logOf(entry, job, attempt, options);
    while (options.follow && options.attempt === undefined && jobOf(entry, job).attempts > attempt) {
      if (options.signal?.aborted) return;
      attempt += 1;
      yield* this.#logOf(entry, job, attempt, { ...options, tail: Infinity });
    }
  }

  #logOf(entry: Entry, job: string, attempt: number, options: LogOptions): AsyncGenerator<string> {
    return readLog(this.#records.logPath(entry.published.id, job, attempt), {
      ...options,
      changed: entry.output,
      isComplete: () => {
        const { phase, attempts } = jobOf(entry, job);
        return options.follow !== true || attempts > attempt || (phase !== 'Pending' && phase !== 'Running');
      }
    });
  }
}

export async function untilFinished(entry: Entry): Promise<void> {
  while (entry.published.finishedAt === undefined) await entry.changed.next();
}

function jobOf({ published }: Entry, name: string): EngineJob {
  const job = published.jobs.find(of => of.name === name);
  if (job === undefined) throw new EngineError('UNKNOWN_JOB', `the run ${published.id} has no job ${name}`);
  return job;
}
