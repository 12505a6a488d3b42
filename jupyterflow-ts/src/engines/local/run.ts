import type { JobState, RunState } from '@jupyterflow/schema';
import type { Plan, PlanJob } from '../../plan/plan.js';
import type { EngineJob, EngineRun, Submission } from '../engine.js';
import { graphOf, type Graph } from './graph.js';
import { JobTable } from './job-table.js';
import type { RunChange } from './journal.js';
import type { RecordedProcess } from './processes.js';
import { LiveAttempts } from './live-attempts.js';
import type { StartedAttempt } from './sandbox.js';
import { Schedule, isBad, isDone, worstPhase } from './schedule.js';
import { asksForItem, isTrue, itemsOf, MissingValue, type Scope } from './values.js';
import { afterTrouble, troubleOf, type JobEnd } from './verdict.js';
import { without } from './without.js';

/** Number of the job that runs last; the others have those of the schedule. */
const ON_EXIT = -1;

const NAME = /^[A-Za-z0-9][-A-Za-z0-9]{0,127}$/;

export interface RunOutcome {
  readonly state: 'Succeeded' | 'Failed' | 'Error';
  readonly reason?: string;
}

/** What an earlier round of the run left. */
export interface Earlier {
  readonly startedAt: number;
  /** Jobs that are not run again, by name. */
  readonly kept: ReadonlyMap<string, EngineJob>;
  /** Attempts of each job until now, by name. */
  readonly attempts: ReadonlyMap<string, number>;
}

/** What changed of a run, and the jobs of which those that wait for them hear once that is on disk. */
export interface Changes {
  readonly change: RunChange;
  readonly succeeded: readonly number[];
}

/** A run that is going: what is known of it, and what the rules say is next. It starts nothing itself. */
export class ActiveRun {
  readonly submission: Submission;
  readonly #graph: Graph;
  readonly #schedule: Schedule;
  readonly #startedAt: number;
  readonly #earlier: Earlier | undefined;
  readonly #table = new JobTable();
  readonly #names: Set<string>;
  readonly #items = new Map<number, { readonly value: unknown }>();
  readonly #lists = new Map<string, string>();
  readonly #live = new LiveAttempts();
  #succeeded: number[] = [];
  #begun = false;
  /** Its jobs are going, or the one that runs last is, or nothing any more. */
  #stage: 'jobs' | 'exit' | 'over' = 'jobs';
  #exit: 'due' | 'decided' | 'queued' | undefined;
  #withoutExit = false;
  /** Why the jobs, or the one that runs last, are being ended from outside. */
  #ending: { jobs?: RunOutcome; exit?: RunOutcome } = {};
  #ofJobs: RunOutcome = { state: 'Succeeded' };
  #outcome: RunOutcome | undefined;
  #finishedAt: number | undefined;
  /** The state that the last changes had. */
  #taken: RunState | undefined;

  constructor(submission: Submission, now: number, earlier?: Earlier) {
    const { plan } = submission;
    this.submission = submission;
    this.#graph = graphOf(plan.jobs);
    this.#startedAt = earlier?.startedAt ?? now;
    this.#earlier = earlier;
    this.#names = new Set([...this.#graph.names, ...(plan.onExit === undefined ? [] : [plan.onExit.name])]);
    const kept = new Map<number, JobState>();
    for (const [node, job] of plan.jobs.entries()) {
      const view = this.#first(job);
      this.#table.set(node, view);
      if (view.phase !== 'Pending') kept.set(node, view.phase);
    }
    if (plan.onExit !== undefined) this.#table.set(ON_EXIT, this.#first(plan.onExit));
    this.#schedule = new Schedule(plan, this.#graph, kept);
    this.takeChanges();
  }

  get id(): string {
    return this.submission.id;
  }

  get plan(): Plan {
    return this.submission.plan;
  }

  /** Whether nothing runs and nothing will. */
  isOver(): boolean {
    return this.#stage === 'over';
  }

  /** Why a job is being ended from outside, if it is. */
  endingOf(node: number): RunOutcome | undefined {
    return node === ON_EXIT ? this.#ending.exit : this.#ending.jobs;
  }

  planJob(node: number): PlanJob {
    if (node !== ON_EXIT) return this.#schedule.job(node);
    if (this.plan.onExit === undefined) throw new RangeError('the plan has no onExit');
    return this.plan.onExit;
  }

  /** The job of the plan: of an item the one with the `foreach`. */
  planned(node: number): PlanJob {
    return node === ON_EXIT ? this.planJob(node) : this.#schedule.planned(node);
  }

  /** The jobs that one depends on, as they are. */
  before(node: number): readonly (EngineJob & Pick<PlanJob, 'cache'>)[] {
    const nodes = this.planned(node).dependsOn.flatMap(name => this.#schedule.members(name));
    return nodes.map(of => ({ ...this.#table.get(of), ...cacheOf(this.planJob(of)) }));
  }

  /** What the references of a job are looked up in. */
  scope(node: number): Scope {
    const item = this.#items.get(node);
    const members = (name: string): readonly EngineJob[] => this.#table.list(this.#schedule.members(name));
    return {
      members,
      isGroup: name => this.#isGroup(name),
      status: name => worstPhase(members(name).map(({ phase }) => phase)),
      lists: this.#lists,
      ...(item === undefined ? {} : { item }),
      // As Argo tells it: whatever ends a run from outside, to its exit handler it Failed.
      ...(node === ON_EXIT ? { runStatus: this.#ending.jobs === undefined ? this.#ofJobs.state : 'Failed' } : {})
    };
  }

  /** Decides what can be decided. The jobs that may begin now: each is to be queued, or finished. */
  advance(now: number): readonly number[] {
    const able: number[] = [];
    if (this.#stage === 'jobs' && this.#ending.jobs === undefined) {
      for (let node = this.#schedule.nextDue(); node !== undefined; node = this.#schedule.nextDue()) {
        if (this.#decide(node, now)) able.push(node);
      }
      for (const { node, reason } of this.#schedule.takeOmitted()) {
        this.#table.change(node, { phase: 'Omitted', reason, finishedAt: now });
      }
      if (this.#schedule.isSettled()) this.#endJobs(this.#outcomeOfJobs(), now);
    }
    if (this.#exit === 'due') {
      this.#exit = 'decided';
      if (this.#decide(ON_EXIT, now)) able.push(ON_EXIT);
    }
    return able;
  }

  /** A job waits for a place. */
  queue(node: number): void {
    if (this.isOver() || this.endingOf(node) !== undefined || this.#table.get(node).phase !== 'Pending') return;
    if (node === ON_EXIT) this.#exit = 'queued';
    else this.#schedule.queue(node);
  }

  /** The job that begins when there is a place for it. */
  next(): number | undefined {
    if (this.#stage === 'exit') return this.#exit === 'queued' ? ON_EXIT : undefined;
    const full = this.#schedule.running >= (this.plan.parallelism ?? Infinity);
    return full || this.isOver() || this.#ending.jobs !== undefined ? undefined : this.#schedule.nextReady();
  }

  /** An attempt of the next job begins; its number, from 1. */
  begin(node: number, now: number): number {
    if (node === ON_EXIT) this.#exit = 'decided';
    else this.#schedule.begin(node);
    const job = without(this.#table.get(node), 'reason');
    this.#live.begin(node, job.attempts, now);
    const attempts = job.attempts + 1;
    this.#table.set(node, { startedAt: now, ...job, phase: 'Running', attempts });
    this.#begun = true;
    return attempts;
  }

  /** Milliseconds since the first attempt of a job in this round began. */
  elapsed(node: number, now: number): number {
    return this.#live.elapsed(node, now);
  }

  /** The process of an attempt has started; it is ended again at once when the run is being ended. */
  started(node: number, started: StartedAttempt): void {
    this.#live.started(node, started);
    if (this.endingOf(node) !== undefined) started.kill();
  }

  record(node: number, processes: readonly RecordedProcess[]): void {
    if (this.#live.has(node)) this.#table.record(node, processes);
  }

  /** The attempt took too long. */
  timeOut(node: number, reason: string): void {
    this.#live.timeOut(node, reason);
  }

  /** An attempt and all its processes have ended. Milliseconds until the next one, if one follows. */
  end(node: number, end: JobEnd, now: number): number | undefined {
    const trouble = troubleOf(end, this.#live.end(node));
    if (end.kind === 'exited') this.#table.change(node, { exitCode: end.code });
    if (trouble === undefined) {
      this.#close(node, { phase: 'Succeeded', ...(end.outputs && { outputs: end.outputs }) }, now);
      return undefined;
    }
    const ending = this.endingOf(node);
    if (ending !== undefined) {
      this.#close(node, { ...ending, phase: badPhase(ending) }, now);
      return undefined;
    }
    const count = this.#live.inRound(node, this.#table.get(node).attempts);
    const verdict = afterTrouble(this.planJob(node), trouble, { count, since: this.elapsed(node, now) });
    if ('phase' in verdict) {
      this.#close(node, verdict, now);
      return undefined;
    }
    this.#table.change(node, { phase: 'Pending', reason: verdict.reason });
    if (node !== ON_EXIT) this.#schedule.again(node);
    return verdict.again;
  }

  /** A job that waits ends without a further attempt. */
  finish(node: number, end: Pick<EngineJob, 'phase' | 'reason' | 'outputs' | 'cached'>, now: number): void {
    if (this.isOver() || this.#table.get(node).phase !== 'Pending') return;
    this.#close(node, end, now);
  }

  /**
   * Ends what goes on from outside: what has not begun is Omitted, what runs is ended. The first reason stays. The job that
   * runs last still does, unless it is what goes on, or `exit` is false.
   */
  abort(outcome: RunOutcome, now: number, exit = true): void {
    if (!exit) this.#withoutExit = true;
    if (this.#stage === 'jobs' && this.#ending.jobs === undefined) {
      this.#ending.jobs = outcome;
      for (const node of this.#schedule.jobs()) this.#drop(node, outcome, now);
      this.#live.killAll();
      if (this.#live.count === 0) this.#endJobs(outcome, now);
    } else if (this.#stage === 'exit' && this.#ending.exit === undefined) {
      this.#ending.exit = outcome;
      this.#drop(ON_EXIT, outcome, now);
      this.#live.kill(ON_EXIT);
      if (this.#live.count === 0) this.#conclude(now);
    }
  }

  /** The run can't be kept as it is: ended or not, it is an Error. */
  lose(reason: string, now: number): void {
    const outcome: RunOutcome = { state: 'Error', reason };
    this.abort(outcome, now, false);
    this.#ofJobs = outcome;
    if (this.isOver()) this.#outcome = outcome;
  }

  snapshot(): EngineRun {
    return { id: this.id, startedAt: this.#startedAt, ...this.#head(), jobs: this.#table.list(this.#order()) };
  }

  /** Whether there is something that was not taken. */
  isChanged(): boolean {
    return this.#table.isChanged() || this.#succeeded.length > 0 || this.#head().state !== this.#taken;
  }

  /** What changed since the last call. */
  takeChanges(): Changes {
    this.#taken = this.#head().state;
    const succeeded = this.#succeeded;
    this.#succeeded = [];
    return { change: { ...this.#head(), ...this.#table.takeChanges(() => this.#order()) }, succeeded };
  }

  /** These changes are on disk: what waited for jobs that Succeeded may begin. */
  saved({ succeeded }: Changes): void {
    for (const node of succeeded) this.#schedule.settle(node);
  }

  /** True when the job may begin. */
  #decide(node: number, now: number): boolean {
    const { when, foreach } = this.planJob(node);
    const scope = this.scope(node);
    try {
      const perItem = foreach !== undefined && when !== undefined && asksForItem(when);
      if (when !== undefined && !perItem && !isTrue(when, scope)) {
        this.#close(node, { phase: 'Skipped', reason: 'its condition is false' }, now);
        return false;
      }
      if (foreach === undefined) return true;
      const items = itemsOf(foreach, scope);
      if (items.length === 0) this.#close(node, { phase: 'Skipped', reason: 'foreach goes over an empty list' }, now);
      else this.#expand(node, items, perItem);
    } catch (error) {
      if (!(error instanceof MissingValue)) throw error;
      this.#close(node, { phase: 'Error', reason: error.message }, now);
    }
    return false;
  }

  #expand(node: number, values: readonly unknown[], perItem: boolean): void {
    const { when } = this.planJob(node);
    const template = without(this.planJob(node), 'foreach', 'when');
    const group = template.group ?? template.name;
    const jobs = values.map((__, index): PlanJob => {
      const name = `${template.name}-${index}`;
      if (this.#names.has(name)) throw new MissingValue(`an item would have the name ${name}, which another job has`);
      if (!NAME.test(name)) throw new MissingValue(`${name} is too long for the name of a job`);
      return { ...template, name, group, ...(perItem && when !== undefined ? { when } : {}) };
    });
    const views = new Map<number, EngineJob>();
    const nodes = this.#schedule.expand(node, jobs);
    for (const [index, item] of nodes.entries()) {
      const job = this.planJob(item);
      this.#names.add(job.name);
      this.#items.set(item, { value: values[index] });
      views.set(item, this.#first(job));
    }
    this.#table.split(node, views);
    for (const [item, { phase }] of views) if (phase !== 'Pending') this.#schedule.finish(item, phase);
  }

  /** A job as it is when the run, or this round of it, begins. */
  #first({ name, group, dependsOn }: PlanJob): EngineJob {
    const kept = this.#earlier?.kept.get(name);
    const attempts = this.#earlier?.attempts.get(name) ?? 0;
    const base = { name, ...(group === undefined ? {} : { group }), dependsOn };
    return kept === undefined ? { ...base, phase: 'Pending', attempts } : { ...kept, ...base };
  }

  #isGroup(name: string): boolean {
    const number = this.#graph.numberOf.get(name);
    return (
      number !== undefined && (this.plan.jobs[number] === undefined || this.plan.jobs[number].foreach !== undefined)
    );
  }

  /** A job has ended for good. */
  #close(node: number, end: Partial<EngineJob> & { readonly phase: JobState }, now: number): void {
    this.#table.change(node, { ...end, finishedAt: now });
    if (node === ON_EXIT) this.#conclude(now);
    else if (this.#ending.jobs !== undefined) {
      if (this.#live.count === 0) this.#endJobs(this.#ending.jobs, now);
    } else if (isDone(end.phase)) {
      this.#schedule.end(node, end.phase);
      this.#succeeded.push(node);
    } else {
      // A failure is told at once, so that nothing begins after it.
      this.#schedule.finish(node, end.phase);
    }
  }

  /** A job that waits does not begin any more, because the run is being ended. */
  #drop(node: number, outcome: RunOutcome, now: number): void {
    const { phase, attempts } = this.#table.get(node);
    if (phase !== 'Pending') return;
    const tried = this.#live.inRound(node, attempts) > 0;
    const { reason } = outcome;
    this.#table.change(node, {
      phase: tried ? badPhase(outcome) : 'Omitted',
      ...(reason === undefined ? {} : { reason }),
      finishedAt: now
    });
  }

  #outcomeOfJobs(): RunOutcome {
    const { state, culprit } = this.#schedule.outcome();
    if (culprit === undefined) return { state: 'Succeeded' };
    const { name, reason, phase } = this.#table.get(culprit);
    return { state, reason: `job ${name}: ${reason ?? phase}` };
  }

  #endJobs(outcome: RunOutcome, now: number): void {
    this.#stage = 'exit';
    this.#ofJobs = outcome;
    if (this.plan.onExit === undefined) this.#conclude(now);
    else if (this.#withoutExit) {
      this.#drop(ON_EXIT, outcome, now);
      this.#conclude(now);
    } else this.#exit = 'due';
  }

  /** The job that runs last can make a good run bad, never the other way round. */
  #conclude(now: number): void {
    this.#stage = 'over';
    this.#finishedAt = now;
    this.#outcome = this.#ofJobs;
    if (this.plan.onExit === undefined || isBad(this.#ofJobs.state)) return;
    const { name, phase, reason } = this.#table.get(ON_EXIT);
    if (this.#ending.exit !== undefined) this.#outcome = this.#ending.exit;
    else if (isBad(phase)) {
      this.#outcome = { state: phase === 'Error' ? 'Error' : 'Failed', reason: `job ${name}: ${reason ?? phase}` };
    }
  }

  #head(): Omit<EngineRun, 'id' | 'startedAt' | 'jobs'> {
    if (this.#outcome === undefined) return { state: this.#begun ? 'Running' : 'Pending' };
    return { ...this.#outcome, ...(this.#finishedAt === undefined ? {} : { finishedAt: this.#finishedAt }) };
  }

  #order(): readonly number[] {
    const jobs = this.#schedule.jobs();
    return this.plan.onExit === undefined ? jobs : [...jobs, ON_EXIT];
  }
}

function cacheOf({ cache }: PlanJob): Pick<PlanJob, 'cache'> {
  return cache === undefined ? {} : { cache };
}

function badPhase(outcome: RunOutcome): 'Failed' | 'Error' {
  return outcome.state === 'Failed' ? 'Failed' : 'Error';
}
