import { allJobs } from '../../plan/all-jobs.js';
import type { Plan, PlanJob } from '../../plan/plan.js';
import { EngineError, type EngineJob } from '../engine.js';
import { digestOf } from './canonical.js';
import { graphOf } from './graph.js';
import type { RunRecord } from './journal.js';
import type { Earlier } from './run.js';
import { isDone } from './schedule.js';

/** What a job does, by job: those that are other than before are run again. Holds nothing that could be read from it. */
export function digestsOf({ jobs }: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(job => [job.name, digestOf(workOf(job))]));
}

/** What of a job makes its result; how long it may take or where it waits does not. */
export function workOf(job: PlanJob): Partial<PlanJob> {
  const { argv, script, when, foreach, env, envFrom, volumes, workdir, image, outputs } = job;
  return Object.fromEntries(
    Object.entries({ argv, script, when, foreach, env, envFrom, volumes, workdir, image, outputs }).filter(
      ([, value]) => value !== undefined
    )
  );
}

/**
 * What is kept of a finished run when it is gone on with.
 * @param from Jobs and groups that run again though they Succeeded.
 * @throws EngineError INVALID_SUBMISSION when the plan has other jobs than the run, UNKNOWN_JOB for a name of `from`.
 */
export function earlierOf(plan: Plan, { run, digests }: RunRecord, from: readonly string[]): Earlier {
  const graph = graphOf(plan.jobs);
  const before = new Map(run.jobs.map(job => [job.name, job]));
  const items = plan.jobs.map(job => itemsOf(job, plan, run.jobs));
  checkSameJobs(plan, before, items, digests);
  const isNamed = namedBy(from, plan, before);

  /** Jobs and groups of which something runs again. */
  const touched = new Set<number>();
  const kept = new Map<string, EngineJob>();
  for (const node of graph.order) {
    const after = (graph.parents[node] ?? []).some(parent => touched.has(parent));
    const job = plan.jobs[node];
    if (job === undefined) {
      if (after) touched.add(node);
      continue;
    }
    const isAgain = after || isChanged(job, digests) || isNamed(job.name) || isNamed(job.group ?? job.name);
    const own = before.get(job.name);
    const views = own === undefined ? (items[node] ?? []) : [own];
    const staying = isAgain ? [] : views.filter(view => isDone(view.phase) && !isNamed(view.name));
    for (const view of staying) kept.set(view.name, view);
    if (staying.length === 0 || staying.length < views.length) touched.add(node);
  }
  const attempts = new Map(run.jobs.map(({ name, attempts: count }) => [name, count]));
  return { startedAt: run.startedAt, kept, attempts };
}

function isChanged(job: PlanJob, digests: RunRecord['digests']): boolean {
  return digests !== undefined && digests[job.name] !== digestOf(workOf(job));
}

/** The jobs that a `foreach` came to. */
function itemsOf(
  { name, group = name, foreach }: PlanJob,
  { jobs }: Plan,
  all: readonly EngineJob[]
): readonly EngineJob[] {
  if (foreach === undefined) return [];
  const planned = new Set(jobs.map(job => job.name));
  return all.filter(
    job =>
      job.group === group &&
      !planned.has(job.name) &&
      /^\d+$/.test(job.name.slice(name.length + 1)) &&
      job.name.startsWith(`${name}-`)
  );
}

function checkSameJobs(
  plan: Plan,
  before: ReadonlyMap<string, EngineJob>,
  items: readonly (readonly EngineJob[])[],
  digests: RunRecord['digests']
): void {
  const known = (job: PlanJob, node: number): boolean =>
    digests === undefined ? before.has(job.name) || (items[node]?.length ?? 0) > 0 : Object.hasOwn(digests, job.name);
  const added = plan.jobs.find((job, node) => !known(job, node));
  const names = new Set(allJobs(plan).map(({ name }) => name));
  const gone = Object.keys(digests ?? {}).find(name => !names.has(name));
  const other = added?.name ?? gone;
  if (other === undefined) return;
  const message = `the workflow has other jobs than this run had (${other}): submit it as a new run`;
  throw new EngineError('INVALID_SUBMISSION', message);
}

function namedBy(
  from: readonly string[],
  plan: Plan,
  before: ReadonlyMap<string, EngineJob>
): (name: string) => boolean {
  const known = new Set([...plan.jobs, ...before.values()].flatMap(({ name, group }) => [name, group ?? name]));
  const unknown = from.find(name => !known.has(name));
  if (unknown !== undefined) throw new EngineError('UNKNOWN_JOB', `the run has no job ${unknown}`);
  return name => from.includes(name);
}
