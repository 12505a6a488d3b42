import assert from 'node:assert/strict';
import type { OutputReference, Plan, PlanCondition, PlanJob, PlanText } from '../../plan/plan.js';
import {
  EngineError,
  type Engine,
  type EngineErrorCode,
  type EngineRun,
  type LogOptions,
  type Submission
} from '../engine.js';

/** What a case needs of the place where an engine runs. */
export interface ConformanceContext {
  readonly engine: Engine;
  /** Submits with a new id, an empty workspace and no mounts where nothing else is said. */
  readonly submit: (plan: Plan, more?: Partial<Submission>) => Promise<EngineRun>;
  /** The submission of a run of this place that goes on. */
  readonly again: (id: string, plan: Plan) => Submission;
  /** Text of a file of the workspace, or undefined when there is none. */
  readonly read: (file: string) => Promise<string | undefined>;
  /** Makes a file in the workspace. */
  readonly write: (file: string, text: string) => Promise<void>;
}

/** What not every place can do. */
export type Capability = 'retry' | 'cache' | 'secrets' | 'priority' | 'queue-timeout';

/** One rule that every engine keeps; `run` throws when this one does not. */
export interface ConformanceCase {
  readonly name: string;
  /** The rule is only for places that can do this. */
  readonly needs?: Capability;
  readonly run: (context: ConformanceContext) => Promise<void>;
}

/** A job whose command is a text for the shell. */
export type JobDraft = Partial<PlanJob> & { readonly name: string; readonly sh?: PlanText };

/** A plan of shell commands, with the defaults of the format. */
export function planOf(jobs: readonly JobDraft[], more: Partial<Plan> = {}): Plan {
  return {
    name: 'conformance',
    failFast: true,
    ...more,
    jobs: jobs.map(jobOf)
  };
}

/** A job of shell commands, with the defaults of the format. */
export function jobOf({ sh = 'true', ...job }: JobDraft): PlanJob {
  return {
    dependsOn: [],
    env: [],
    volumes: [],
    retries: 0,
    resources: {},
    argv: ['/bin/sh', '-c', sh],
    ...job
  };
}

/** An output of a job, as a part of a text. */
export function output(job: string, name: string): OutputReference {
  return { kind: 'output', job, output: name };
}

/** A comparison of the status of a job. */
export function statusIs(job: string, status: string): PlanCondition {
  return { kind: '==', left: { kind: 'status', job }, right: status };
}

/** Shell: waits until a file is there. */
export function waitFor(file: string): string {
  return `until [ -e ${file} ]; do sleep 0.01; done`;
}

/** The last state of a run. */
export async function finished(engine: Engine, id: string): Promise<EngineRun> {
  return until(engine, id, run => run.finishedAt !== undefined);
}

/** The first state of a run, from now on, that satisfies `test`. */
export async function until(engine: Engine, id: string, test: (run: EngineRun) => boolean): Promise<EngineRun> {
  for await (const run of engine.watch(id)) if (test(run)) return run;
  throw new assert.AssertionError({ message: `the run ${id} ended before` });
}

export async function logOf(engine: Engine, id: string, job: string, options?: LogOptions): Promise<string> {
  let text = '';
  for await (const part of engine.logs(id, job, options)) text += part;
  return text;
}

/** Phases by job, in the order of the plan: `a Succeeded, b Omitted`. */
export function phases(run: EngineRun): string {
  return run.jobs.map(job => `${job.name} ${job.phase}`).join(', ');
}

export async function assertRefused(promise: Promise<unknown>, code: EngineErrorCode): Promise<void> {
  await assert.rejects(promise, (error: unknown) => error instanceof EngineError && error.code === code);
}

/** The last state of a run of a plan. */
export async function outcome({ engine, submit }: ConformanceContext, plan: Plan): Promise<EngineRun> {
  return finished(engine, (await submit(plan)).id);
}
