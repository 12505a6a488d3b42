import type { JobState, RunState } from '@jupyterflow/schema';
import type { Plan, PlanJob } from '../../plan/plan.js';

/** How far a job is, as the scheduler sees it. Pending with attempts begun: it waits for its next attempt. */
export interface Progress {
  readonly phase: JobState;
  /** Attempts begun. */
  readonly attempts: number;
  readonly reason?: string;
}

/** The edges of a plan by the jobs' places in it. */
export interface Graph {
  readonly parents: readonly (readonly number[])[];
  /** Every job after its parents. */
  readonly order: readonly number[];
}

/** What is to be done next. */
export interface Step {
  /** Jobs whose next attempt begins now, in the order of the plan. */
  readonly start: readonly number[];
  /** Jobs that will never begin. */
  readonly omit: readonly Omission[];
  /** Given when nothing runs and nothing will. */
  readonly outcome?: Outcome;
}

export interface Omission {
  readonly job: number;
  readonly reason: string;
}

export interface Outcome {
  readonly state: RunState;
  readonly reason?: string;
}

/**
 * Resolves the edges of a plan.
 * @throws Error when a name is used twice, an edge leads nowhere, or edges form a cycle.
 */
export function graphOf(jobs: readonly Pick<PlanJob, 'name' | 'dependsOn'>[]): Graph {
  const places = new Map(jobs.map((job, place) => [job.name, place]));
  if (places.size < jobs.length) throw new Error('two jobs of the plan have the same name');
  const parents = jobs.map(job =>
    job.dependsOn.map(name => {
      const place = places.get(name);
      if (place === undefined) throw new Error(`job ${job.name} depends on ${name}, which is not in the plan`);
      return place;
    })
  );
  return { parents, order: topologicalOrder(parents) };
}

/** Kahn's algorithm: O(jobs + edges). */
function topologicalOrder(parents: readonly (readonly number[])[]): number[] {
  const children: number[][] = parents.map(() => []);
  const missing = parents.map(of => of.length);
  parents.forEach((of, child) => of.forEach(parent => children[parent]?.push(child)));
  const order = [...missing.keys()].filter(job => missing[job] === 0);
  for (const job of order) {
    for (const child of children[job] ?? []) {
      const left = (missing[child] ?? 0) - 1;
      missing[child] = left;
      if (left === 0) order.push(child);
    }
  }
  if (order.length < parents.length) throw new Error('the edges of the plan form a cycle');
  return order;
}

/**
 * The rules of a run, as in a DAG of Argo Workflows: a job begins when its parents Succeeded or were Skipped.
 * With failFast nothing new begins after the first failure, while jobs that have begun go on, with their further
 * attempts. Without it only the descendants of a failed job are Omitted.
 * @param free Places for jobs on this machine.
 */
export function step(plan: Plan, graph: Graph, jobs: readonly Progress[], free: number): Step {
  const omit = omissions(plan, graph, jobs);
  const omitted = new Set(omit.map(({ job }) => job));
  const running = jobs.filter(job => job.phase === 'Running').length;
  const places = Math.max(0, Math.min(free, (plan.parallelism ?? Infinity) - running));
  const pending = [...jobs.keys()].filter(job => jobs[job]?.phase === 'Pending' && !omitted.has(job));
  const start = pending
    .filter(job => (graph.parents[job] ?? []).every(parent => isDone(jobs[parent])))
    .slice(0, places);
  return running === 0 && pending.length === 0 ? { start, omit, outcome: outcomeOf(plan, jobs) } : { start, omit };
}

/** The phase after an attempt that failed: Pending when another one is left. */
export function afterFailure(job: Pick<PlanJob, 'retries'>, attempts: number): 'Pending' | 'Failed' {
  return attempts <= job.retries ? 'Pending' : 'Failed';
}

function omissions(plan: Plan, graph: Graph, jobs: readonly Progress[]): Omission[] {
  const name = (job: number): string => plan.jobs[job]?.name ?? '';
  const first = plan.failFast ? jobs.findIndex(isBad) : -1;
  const barred = new Set([...jobs.keys()].filter(job => jobs[job]?.phase === 'Omitted'));
  const omit: Omission[] = [];
  for (const job of graph.order) {
    const progress = jobs[job];
    if (progress?.phase !== 'Pending' || progress.attempts > 0) continue;
    const parent = (graph.parents[job] ?? []).find(of => isBad(jobs[of]) || barred.has(of));
    if (parent === undefined && first < 0) continue;
    barred.add(job);
    omit.push({ job, reason: parent === undefined ? `${name(first)} failed` : `${name(parent)} did not succeed` });
  }
  return omit;
}

function outcomeOf(plan: Plan, jobs: readonly Progress[]): Outcome {
  const worst = (['Error', 'Failed'] as const).find(phase => jobs.some(job => job.phase === phase));
  if (worst === undefined) return { state: 'Succeeded' };
  const place = jobs.findIndex(job => job.phase === worst);
  return { state: worst, reason: `job ${plan.jobs[place]?.name ?? ''}: ${jobs[place]?.reason ?? worst}` };
}

function isDone(job: Progress | undefined): boolean {
  return job?.phase === 'Succeeded' || job?.phase === 'Skipped';
}

function isBad(job: Progress | undefined): boolean {
  return job?.phase === 'Failed' || job?.phase === 'Error';
}
