import { join } from 'node:path';
import type { Plan, PlanJob } from '../../plan/plan.js';
import type { EngineJob, EngineRun, Submission } from '../engine.js';
import { describeExit } from './exit-code.js';
import type { RecordedProcess } from './processes.js';
import type { RunRecord } from './records.js';
import type { AttemptEnd, StartedAttempt } from './sandbox.js';
import { afterFailure, graphOf, step, type Graph, type Outcome, type Step } from './schedule.js';

type MutableJob = { -readonly [key in keyof EngineJob]: EngineJob[key] };

/** An attempt that has begun and not ended. */
interface Live {
  readonly started?: StartedAttempt;
  readonly processes: readonly RecordedProcess[];
  /** Why it is being ended before its time. */
  readonly timedOut?: string;
}

/** A run that is going: what is known of it, and what the rules say is next. It starts nothing itself. */
export class ActiveRun {
  readonly submission: Submission;
  readonly #graph: Graph;
  readonly #startedAt: number;
  readonly #jobs: MutableJob[];
  readonly #live = new Map<number, Live>();
  #ending: Outcome | undefined;
  #outcome: Outcome | undefined;
  #finishedAt: number | undefined;

  constructor(submission: Submission, now: number) {
    this.submission = submission;
    this.#graph = graphOf(submission.plan.jobs);
    this.#startedAt = now;
    this.#jobs = submission.plan.jobs.map(({ name, dependsOn }) => ({
      name,
      phase: 'Pending',
      attempts: 0,
      dependsOn
    }));
  }

  get id(): string {
    return this.submission.id;
  }

  get plan(): Plan {
    return this.submission.plan;
  }

  /** Why the run is being ended from outside, if it is. */
  get ending(): Outcome | undefined {
    return this.#ending;
  }

  /** Whether nothing runs and nothing will. */
  isOver(): boolean {
    return this.#outcome !== undefined;
  }

  planJob(place: number): PlanJob {
    const job = this.plan.jobs[place];
    if (job === undefined) throw new RangeError(`the plan has no job ${place}`);
    return job;
  }

  /** What is next with that many free places. Jobs that will never begin are Omitted by this. */
  next(free: number, now: number): Step {
    const next = step(this.plan, this.#graph, this.#jobs, free);
    for (const { job, reason } of next.omit)
      Object.assign(this.#job(job), { phase: 'Omitted', reason, finishedAt: now });
    if (next.outcome !== undefined) this.#conclude(next.outcome, now);
    return next;
  }

  /** An attempt of a job begins; its number, from 1. */
  begin(place: number, now: number): number {
    const job = this.#job(place);
    job.phase = 'Running';
    job.attempts += 1;
    job.startedAt ??= now;
    delete job.reason;
    this.#live.set(place, { processes: [] });
    return job.attempts;
  }

  /** The process of an attempt has started; it is ended again at once when the run is being ended. */
  started(place: number, started: StartedAttempt): void {
    this.#live.set(place, { ...this.#liveOf(place), started });
    if (this.#ending !== undefined) started.kill();
  }

  keep(place: number, processes: readonly RecordedProcess[]): void {
    if (this.#live.has(place)) this.#live.set(place, { ...this.#liveOf(place), processes });
  }

  /** The attempt took too long. */
  timeOut(place: number, reason: string): void {
    const live = this.#liveOf(place);
    this.#live.set(place, { ...live, timedOut: reason });
    live.started?.kill();
  }

  /** An attempt and all its processes have ended. */
  end(place: number, end: AttemptEnd, now: number): void {
    const job = this.#job(place);
    const { timedOut } = this.#liveOf(place);
    this.#live.delete(place);
    if (end.kind === 'exited') job.exitCode = end.code;
    const { phase, reason } = this.#judge(place, end, timedOut);
    job.phase = phase;
    if (reason !== undefined) job.reason = reason;
    if (phase !== 'Pending') job.finishedAt = now;
  }

  /** Ends the run from outside: what has not begun is Omitted, what runs is ended. The first reason stays. */
  abort(outcome: Outcome, now: number): void {
    if (this.#ending !== undefined || this.isOver()) return;
    this.#ending = outcome;
    for (const [place, job] of this.#jobs.entries()) {
      if (job.phase !== 'Pending') continue;
      const phase = job.attempts > 0 ? badPhase(outcome) : 'Omitted';
      Object.assign(job, {
        phase,
        finishedAt: now,
        ...(outcome.reason === undefined ? {} : { reason: outcome.reason })
      });
      this.#live.delete(place);
    }
    for (const { started } of this.#live.values()) started?.kill();
    if (this.#live.size === 0) this.#conclude(outcome, now);
  }

  /** The run can't be kept as it is: ended or not, it is an Error. */
  lose(reason: string, now: number): void {
    const outcome: Outcome = { state: 'Error', reason };
    this.abort(outcome, now);
    if (this.isOver()) this.#outcome = outcome;
  }

  snapshot(): EngineRun {
    const begun = this.#jobs.some(job => job.attempts > 0);
    const { state, reason } = this.#outcome ?? { state: begun ? 'Running' : 'Pending' };
    return {
      id: this.id,
      state,
      startedAt: this.#startedAt,
      ...(reason === undefined ? {} : { reason }),
      ...(this.#finishedAt === undefined ? {} : { finishedAt: this.#finishedAt }),
      jobs: this.#jobs.map(job => ({ ...job }))
    };
  }

  record(): RunRecord {
    return { run: this.snapshot(), processes: [...this.#live.values()].flatMap(live => live.processes) };
  }

  #judge(place: number, end: AttemptEnd, timedOut: string | undefined): { phase: EngineJob['phase']; reason?: string } {
    if (end.kind === 'exited' && end.code === 0 && timedOut === undefined) return { phase: 'Succeeded' };
    if (this.#ending !== undefined) return { ...this.#ending, phase: badPhase(this.#ending) };
    if (end.kind === 'error') return { phase: 'Error', reason: end.reason };
    const phase = afterFailure(this.planJob(place), this.#job(place).attempts);
    return { phase, reason: timedOut ?? describeExit(end.code) };
  }

  #conclude(outcome: Outcome, now: number): void {
    this.#outcome = this.#ending ?? outcome;
    this.#finishedAt = now;
  }

  #job(place: number): MutableJob {
    const job = this.#jobs[place];
    if (job === undefined) throw new RangeError(`the run has no job ${place}`);
    return job;
  }

  #liveOf(place: number): Live {
    return this.#live.get(place) ?? { processes: [] };
  }
}

/** A run that was going when its engine died. */
export function interrupted(run: EngineRun, reason: string, now: number): EngineRun {
  const jobs = run.jobs.map((job): EngineJob =>
    job.phase === 'Pending' || job.phase === 'Running' ? { ...job, phase: 'Error', reason, finishedAt: now } : job
  );
  return { ...run, jobs, state: 'Error', reason, finishedAt: now };
}

/** Where the log of an attempt is. */
export function logPath(runFolder: string, job: string, attempt: number): string {
  return join(runFolder, job, `${attempt}.log`);
}

function badPhase(outcome: Outcome): 'Failed' | 'Error' {
  return outcome.state === 'Failed' ? 'Failed' : 'Error';
}
