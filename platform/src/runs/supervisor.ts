import type { Command, Ledger, RunRecord } from '@jupyterflow/ledger';
import { EngineError, type Engine, type EngineRun, type Submission } from 'jupyterflow-ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.js';
import type { Following, LeaseWatch, NamedLease } from '../leases/watch.js';
import type { Actor } from '../ledger/commander.js';

const RETRY = 1000;

/** A run in the care of the supervisor. */
export interface Charge extends Actor {
  readonly id: string;
  readonly leases: readonly NamedLease[];
}

/** What the supervisor works with. */
export interface SupervisorOptions {
  readonly engine: Engine;
  readonly watch: LeaseWatch;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /** Gives a command to the ledger; resolves when what it did can be read. */
  readonly submit: (actor: Actor, command: Command) => ReturnType<Ledger['submit']>;
}

/** Sees runs through: stops one whose lease ends, and writes on the ledger how each one ended. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  /** Runs that are going, by id: each until its end is on the ledger. */
  readonly #going = new Map<string, Promise<void>>();
  /** Runs that are being started or are going. */
  readonly #charges = new Map<string, Actor>();
  #closing = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts a run that `record` puts on the ledger.
   * @param begin - hands it to the engine
   * @param record - resolves to false when the run was started before, by the same request
   * @throws what `record` throws, and then nothing was started; EngineError, and then the end is on the ledger
   */
  async start(
    charge: Charge,
    submission: Submission,
    record: () => Promise<boolean>,
    begin: (submission: Submission) => Promise<unknown> = one => this.#options.engine.submit(one)
  ): Promise<void> {
    this.#charges.set(charge.id, charge);
    try {
      await this.#start(charge, submission, record, begin);
    } finally {
      if (!this.#going.has(charge.id)) this.#charges.delete(charge.id);
    }
  }

  /** How many runs of somebody are being started or are going. */
  count({ organization, user }: Actor): number {
    return [...this.#charges.values()].filter(one => one.user === user && one.organization === organization).length;
  }

  async #start(
    charge: Charge,
    submission: Submission,
    record: () => Promise<boolean>,
    begin: (submission: Submission) => Promise<unknown>
  ): Promise<void> {
    const { watch } = this.#options;
    // Listening before the ledger has the start: an end that comes after it can't be missed.
    let submitted = false;
    const stop = (reason: string): void => {
      if (submitted) void this.stop(charge.id, reason);
    };
    const following = watch.follow(charge.leases, stop);
    try {
      if (!(await record())) {
        following.close();
        return;
      }
    } catch (error) {
      following.close();
      throw error;
    }
    try {
      await begin({ ...submission, admit: job => following.reason() ?? submission.admit?.(job) });
    } catch (error) {
      following.close();
      await this.#record(charge, { state: 'Error', reason: `the engine did not take the run: ${wordsOf(error)}` });
      throw error;
    }
    submitted = true;
    this.#follow(charge, following);
    const reason = following.reason();
    if (reason !== undefined) stop(reason);
  }

  /** After a restart: goes on with the runs that the engine still has, and ends the others. */
  async resume(run: RunRecord, leases: readonly NamedLease[]): Promise<void> {
    const charge = { id: run.id, organization: run.organization, user: run.user, leases };
    const live = await this.#options.engine.get(run.id);
    if (!live) {
      await this.#record(charge, { state: 'Error', reason: 'the platform stopped while the run was going' });
      return;
    }
    if (live.finishedAt !== undefined) {
      await this.#see(charge);
      return;
    }
    const following = this.#options.watch.follow(leases, reason => void this.stop(run.id, reason));
    this.#follow(charge, following);
    // One that ended while the platform was away was told before there was a run to stop.
    const reason = following.reason();
    if (reason !== undefined) void this.stop(run.id, reason);
  }

  /** Stops a run; resolves when its end is on the ledger. One that is not going stays as it is. */
  async stop(id: string, reason: string): Promise<void> {
    const going = this.#going.get(id);
    if (!going) return;
    await this.#options.engine.stop(id, line(reason)).catch((error: unknown) => {
      this.#options.log.error({ err: error, run: id }, 'a run could not be stopped');
    });
    await going;
  }

  /** Resolves when the ends of all runs are on the ledger; the engine must have ended them. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#going.values());
  }

  #follow(charge: Charge, following: Following): void {
    const seen = this.#see(charge)
      .catch((error: unknown) => this.#options.log.error({ err: error, run: charge.id }, 'a run could not be followed'))
      .finally(() => {
        following.close();
        this.#going.delete(charge.id);
        this.#charges.delete(charge.id);
      });
    this.#charges.set(charge.id, charge);
    this.#going.set(charge.id, seen);
  }

  async #see(charge: Charge): Promise<void> {
    let last: EngineRun | undefined;
    for await (const run of this.#options.engine.watch(charge.id)) last = run;
    const state = last?.state;
    if (state === 'Succeeded' || state === 'Failed' || state === 'Error')
      await this.#record(charge, { state, reason: last?.reason });
    else await this.#record(charge, { state: 'Error', reason: 'the engine lost the run' });
  }

  /** Writes the end of a run on the ledger, however often it must be tried; at the close once, and then the next start does it. */
  async #record(
    charge: Charge,
    end: { readonly state: 'Succeeded' | 'Failed' | 'Error'; readonly reason: string | undefined }
  ): Promise<void> {
    const { submit, log, clock } = this.#options;
    const { state, reason } = end;
    const command: Command = {
      type: 'run.end',
      run: charge.id,
      state,
      ...(reason !== undefined && { reason: line(reason) })
    };
    for (;;) {
      try {
        const answer = await submit(charge, command);
        // Whoever wrote an end first was right.
        if (!answer.ok && answer.code !== 'WRONG_STATE')
          log.error({ run: charge.id, code: answer.code }, 'the end of a run was refused');
        if (answer.ok || answer.code !== 'CLOCK_SKEW') return;
      } catch (error) {
        log.error({ err: error, run: charge.id }, 'the end of a run could not be written yet');
      }
      if (this.#closing) return;
      await new Promise<void>(resolve => clock.at(clock.now() + RETRY, resolve));
    }
  }
}

/** What the ledger takes as a reason. */
export function line(text: string): string {
  // Cut first: a cut may leave half a character.
  return text.slice(0, 900).replace(/[\p{Cc}\p{Cs}]+/gu, ' ');
}

function wordsOf(error: unknown): string {
  return error instanceof EngineError ? error.message : 'it does not work';
}
