import { setTimeout as pause } from 'node:timers/promises';
import type { EngineJob, Submission } from '../engine.js';
import { Attempts, describe, type AttemptParts } from './attempts.js';
import type { Budget } from './budget.js';
import type { RunCache } from './cache/run-cache.js';
import { commandOf, type Command } from './command.js';
import type { Going } from './going.js';
import { removeTree } from './records.js';
import type { RunOutcome } from './run.js';
import { after, inWords } from './timer.js';
import { MissingValue } from './values.js';

/** Shortest time between two writes to a journal, in milliseconds: what changes meanwhile is one write. */
const COMMIT_PAUSE = 2;

export interface ConductorParts extends AttemptParts {
  readonly budget: Budget;
}

/** Carries out the runs that are going: asks each what is next, has it done, and keeps what became of it. */
export class Conductor {
  readonly #parts: ConductorParts;
  readonly #attempts: Attempts;
  readonly #going = new Set<Going>();

  constructor(parts: ConductorParts) {
    this.#parts = parts;
    this.#attempts = new Attempts(parts);
  }

  get going(): readonly Going[] {
    return [...this.#going];
  }

  /** A run goes on from now; nothing of it has begun when this returns. */
  add(going: Going): void {
    going.entry.going = going;
    this.#going.add(going);
    queueMicrotask(() => this.#pump());
  }

  /**
   * Ends a run from outside.
   * @param exit Whether the job that runs last still does.
   */
  abort(going: Going, outcome: RunOutcome, exit = true): void {
    if (going.run.isOver()) return;
    for (const cancel of going.waits.values()) cancel();
    going.waits.clear();
    going.run.abort(outcome, Date.now(), exit);
    for (const node of going.run.advance(Date.now())) this.#ready(going, node);
    this.#save(going);
    queueMicrotask(() => this.#pump());
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
    void fromCache(going, cache, node).then(outputs => {
      if (outputs === undefined) this.#queue(going, node);
      else run.finish(node, { phase: 'Succeeded', cached: true, outputs }, Date.now());
      this.#pump();
    });
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
      this.abort(going, { state: 'Error', reason: refusal });
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
    const onProcesses = (processes: Parameters<typeof run.record>[1]): void => {
      run.record(node, processes);
      this.#save(going);
    };
    void this.#attempts.execute({ going, node, attempt, command, onProcesses }).then(end => {
      this.#parts.budget.giveBack(job);
      const again = run.end(node, end, Date.now());
      if (again !== undefined) this.#wait(going, node, again, () => run.queue(node));
      this.#pump();
      this.#save(going);
    });
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
      if (seen.finishedAt !== undefined) await this.#parts.sandbox.endRun(this.#parts.records.temporaryOf(run.id));
      // What is not done can be done by a retry, which needs what the others left.
      if (seen.state === 'Succeeded') await removeTree(this.#parts.records.temporaryOf(run.id)).catch(() => undefined);
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
}

/** The outputs of a job that need not run. Whoever may not run it gets no result either. */
async function fromCache({ run, secrets }: Going, cache: RunCache, node: number): Promise<EngineJob['outputs']> {
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

/** Fails closed: a caller that can't answer has not allowed. */
function refusalOf({ admit }: Submission, job: string): string | undefined {
  try {
    return admit?.(job);
  } catch {
    return `whether ${job} may start could not be found out`;
  }
}
