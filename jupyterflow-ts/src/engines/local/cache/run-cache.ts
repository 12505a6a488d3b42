import type { PlanJob } from '../../../plan/plan.js';
import type { EngineJob, Submission } from '../../engine.js';
import type { Command } from '../command.js';
import { keep, look, restore, type Made, type Subject } from './look.js';
import { parentKeys, SKIPPED } from './parents.js';
import type { ResultStore } from './store.js';

/** A job of a run, with the plan's job and the state of each one before it. */
export interface CachedJob {
  readonly job: PlanJob;
  /** The job of the plan: of an item the one with the `foreach`. */
  readonly planned: PlanJob;
  readonly command: Command;
  readonly before: readonly (Pick<EngineJob, 'name' | 'phase'> & Pick<PlanJob, 'cache'>)[];
}

/** The results of one run: taken from earlier runs, and kept for later ones. */
export class RunCache {
  readonly #store: ResultStore;
  readonly #submission: Submission;
  readonly #machine: Readonly<Record<string, string>>;
  readonly #temporary: string;
  readonly #takes: boolean;
  readonly #keys = new Map<string, string>();
  readonly #missed = new Map<string, { readonly subject: Subject; readonly made: Made }>();

  /**
   * @param temporary Folder of this machine that the jobs of the run share.
   * @param takes Whether results are taken, or only kept: jobs of a retry are to run.
   */
  constructor(
    store: ResultStore,
    submission: Submission,
    machine: Readonly<Record<string, string>>,
    temporary: string,
    takes: boolean
  ) {
    this.#takes = takes;
    this.#store = store;
    this.#submission = submission;
    this.#machine = machine;
    this.#temporary = temporary;
  }

  /** The outputs of a job that need not run: what it left is there again. Undefined when it has to. */
  async take({ job, planned, command, before }: CachedJob): Promise<Readonly<Record<string, string>> | undefined> {
    for (const { name, phase } of before) if (phase === 'Skipped') this.#keys.set(name, SKIPPED);
    const parents = parentKeys(before, this.#keys);
    if (job.cache === undefined || parents === undefined) return undefined;
    const mounts = this.#submission.mounts.get(planned.name) ?? [];
    const subject: Subject = { submission: this.#submission, job, mounts, command, parents, machine: this.#machine };
    const looked = await look(this.#store, subject);
    if (looked.kind === 'none') return undefined;
    this.#keys.set(job.name, looked.key);
    if (looked.kind === 'miss' || !this.#takes) {
      const { parts } = looked.kind === 'miss' ? looked : looked.found;
      this.#missed.set(job.name, { subject, made: { key: looked.key, parts } });
      return undefined;
    }
    await restore(looked.found, subject, this.#temporary);
    return looked.found.values;
  }

  /** Keeps what a job left that had to run. */
  async put(job: string, outputs: Readonly<Record<string, string>>): Promise<void> {
    const missed = this.#missed.get(job);
    if (missed !== undefined) await keep(this.#store, missed.subject, missed.made, outputs, this.#temporary);
  }
}
