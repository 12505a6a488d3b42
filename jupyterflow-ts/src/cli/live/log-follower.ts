import type { Backend, RunView } from '../backend.js';
import { Failure } from '../failure.js';
import { JobLines } from './job-lines.js';

/** Logs that are read at once; a platform bounds them too. */
const MOST = 24;

export interface FollowOptions {
  /** Names of jobs; absent: all. */
  readonly jobs?: readonly string[];
  /** Only the last n lines of what is there at first. */
  readonly tail?: number;
  readonly attempt?: number;
}

/** Follows what the jobs of a run write, from when each begins. */
export class LogFollower {
  readonly #backend: Backend;
  readonly #lines: JobLines;
  readonly #show: (lines: string) => void;
  readonly #options: FollowOptions;
  readonly #closed = new AbortController();
  readonly #begun = new Set<string>();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #going = new Set<Promise<void>>();

  /** @param show is given whole lines, each with its job before it */
  constructor(backend: Backend, run: RunView, show: (lines: string) => void, options: FollowOptions = {}) {
    this.#backend = backend;
    this.#lines = new JobLines(options.jobs ?? run.jobs.map(({ name }) => name));
    this.#show = show;
    this.#options = options;
  }

  /** Begins with the jobs that have begun by now. */
  update(run: RunView): void {
    for (const { name, attempts } of run.jobs) {
      const isWanted = this.#options.jobs?.includes(name) !== false;
      if (attempts === 0 || !isWanted || this.#begun.has(name)) continue;
      this.#begun.add(name);
      this.#waiting.push(() => this.#follow(run.id, name));
    }
    this.#next();
  }

  /** Resolves when the logs of all jobs that have begun are at their end. */
  async drained(): Promise<void> {
    while (this.#going.size > 0) await Promise.all(this.#going);
  }

  close(): void {
    this.#waiting.length = 0;
    this.#closed.abort();
  }

  #next(): void {
    while (this.#going.size < MOST) {
      const begin = this.#waiting.shift();
      if (begin === undefined) return;
      const going = begin().finally(() => {
        this.#going.delete(going);
        this.#next();
      });
      this.#going.add(going);
    }
  }

  async #follow(id: string, job: string): Promise<void> {
    const { signal } = this.#closed;
    const { tail, attempt } = this.#options;
    const options = { ...(tail === undefined ? {} : { tail }), ...(attempt === undefined ? {} : { attempt }) };
    try {
      for await (const chunk of this.#backend.logs(id, job, { follow: true, signal, ...options })) {
        if (signal.aborted) return;
        this.#tell(this.#lines.add(job, chunk));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      this.#tell(this.#lines.add(job, `(its log can't be read: ${error.message})\n`));
    }
    this.#tell(this.#lines.end(job));
  }

  #tell(lines: string): void {
    if (lines !== '') this.#show(lines);
  }
}
