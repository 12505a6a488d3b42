import type { EngineJob } from '../engine.js';
import type { RunChange } from './journal.js';
import type { RecordedProcess } from './processes.js';

/** The jobs of a run as others see them. Each is replaced, never changed, so that a list of them stays as it is. */
export class JobTable {
  readonly #jobs = new Map<number, EngineJob>();
  #changed = new Set<number>();
  #processes = new Map<number, readonly RecordedProcess[]>();
  #reordered = false;

  get(node: number): EngineJob {
    const job = this.#jobs.get(node);
    if (job === undefined) throw new RangeError(`the run has no job ${node}`);
    return job;
  }

  set(node: number, job: EngineJob): void {
    this.#jobs.set(node, job);
    this.#changed.add(node);
  }

  change(node: number, change: Partial<EngineJob>): void {
    this.set(node, { ...this.get(node), ...change });
  }

  /** Other jobs stand in the place of this one. */
  split(node: number, into: ReadonlyMap<number, EngineJob>): void {
    this.#jobs.delete(node);
    this.#changed.delete(node);
    for (const [item, job] of into) this.set(item, job);
    this.#reordered = true;
  }

  record(node: number, processes: readonly RecordedProcess[]): void {
    this.#processes.set(node, processes);
  }

  list(order: readonly number[]): readonly EngineJob[] {
    return order.map(node => this.get(node));
  }

  isChanged(): boolean {
    return this.#changed.size > 0 || this.#processes.size > 0;
  }

  /** What changed since the last call. */
  takeChanges(order: () => readonly number[]): Pick<RunChange, 'all' | 'jobs' | 'processes'> {
    const processes = [...this.#processes]
      .filter(([node]) => this.#jobs.get(node)?.phase === 'Running')
      .map(([node, of]) => [this.get(node).name, of] as const);
    const jobs = [...this.#changed].map(node => this.get(node));
    const changes = this.#reordered ? { all: this.list(order()), jobs: [], processes } : { jobs, processes };
    this.#changed = new Set();
    this.#processes = new Map();
    this.#reordered = false;
    return changes;
  }
}
