import { nearestOrAll } from '../check/nearest.js';
import type { Plan, PlanJob } from './plan.js';
import { referencesOfJob } from './text.js';

/** Which jobs of a plan to run. Each name is a job's or a group's. Given together, a job has to fit all of them. */
export interface Selection {
  /** Just these. */
  readonly only?: readonly string[];
  /** These and all they wait for. */
  readonly until?: readonly string[];
  /** These and all that waits for them. */
  readonly from?: readonly string[];
  /** All but these: they are left out as if they were done. */
  readonly skip?: readonly string[];
}

export type SelectionProblemCode =
  /** A name is no job and no group of the plan. */
  | 'UNKNOWN_JOB'
  /** A job that runs needs an output or the status of one that is left out. */
  | 'NEEDS_LEFT_OUT'
  /** No job is left. */
  | 'NOTHING_SELECTED';

export interface SelectionProblem {
  readonly code: SelectionProblemCode;
  readonly message: string;
  readonly hint?: string;
}

export type SelectionResult = { readonly plan: Plan } | { readonly problems: readonly SelectionProblem[] };

/**
 * The plan of the selected jobs. What they wait for and is left out counts as done once what it waited for is.
 * `onExit` stays.
 */
export function selectJobs(plan: Plan, selection: Selection): SelectionResult {
  const graph = new Graph(plan.jobs);
  const names = [selection.only, selection.until, selection.from, selection.skip].flatMap(list => list ?? []);
  const unknown = [...new Set(names)].filter(name => !graph.members.has(name));
  if (unknown.length > 0) return { problems: unknown.map(name => unknownJob(name, graph)) };
  const kept = keptJobs(plan, selection, graph);
  if (kept.size === plan.jobs.length) return { plan };
  if (kept.size === 0) return { problems: [{ code: 'NOTHING_SELECTED', message: 'no job is selected' }] };
  const jobs = plan.jobs.filter(({ name }) => kept.has(name));
  const problems = jobs.flatMap(job => leftOutNeeds(job, kept, graph));
  if (problems.length > 0) return { problems };
  return { plan: { ...plan, jobs: jobs.map(job => ({ ...job, dependsOn: keptAbove(job, kept, graph) })) } };
}

/** What a job still waits for: through what is left out, the jobs before that, as if the ones left out were done at once. */
function keptAbove(job: PlanJob, kept: ReadonlySet<string>, graph: Graph): readonly string[] {
  const isKept = (name: string): boolean => (graph.members.get(name) ?? []).some(member => kept.has(member));
  const seen = new Set(job.dependsOn);
  for (const name of seen) if (!isKept(name)) for (const above of graph.parents.get(name) ?? []) seen.add(above);
  return [...seen].filter(isKept);
}

function keptJobs(plan: Plan, { only, until, from, skip }: Selection, graph: Graph): ReadonlySet<string> {
  const parts = [
    ...(only === undefined ? [] : [graph.jobsOf(only)]),
    ...(until === undefined ? [] : [graph.reach(until, graph.parents)]),
    ...(from === undefined ? [] : [graph.reach(from, graph.children)])
  ];
  const left = graph.jobsOf(skip ?? []);
  const names = plan.jobs.map(({ name }) => name);
  return new Set(names.filter(name => !left.has(name) && parts.every(part => part.has(name))));
}

/** Names of jobs and groups, and what waits for what. A group is a point of the graph, so that n jobs and m stay n + m edges. */
class Graph {
  /** The jobs that a name stands for: a job for itself, a group for its jobs. */
  readonly members = new Map<string, string[]>();
  readonly parents = new Map<string, string[]>();
  readonly children = new Map<string, string[]>();

  constructor(jobs: readonly PlanJob[]) {
    for (const { name, group } of jobs) {
      this.members.set(name, [name]);
      if (group !== undefined) append(this.members, group, name);
    }
    for (const { name, group, dependsOn } of jobs) {
      for (const parent of dependsOn) {
        append(this.parents, name, parent);
        append(this.children, parent, name);
      }
      // A group is reached upwards through its name, and what waits for it downwards from each of its jobs.
      if (group === undefined) continue;
      append(this.parents, group, name);
      append(this.children, name, group);
    }
  }

  jobsOf(names: readonly string[]): ReadonlySet<string> {
    return new Set(names.flatMap(name => this.members.get(name) ?? []));
  }

  reach(names: readonly string[], next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
    const seen = new Set(this.jobsOf(names));
    for (const name of seen) for (const other of next.get(name) ?? []) seen.add(other);
    return seen;
  }
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function unknownJob(name: string, graph: Graph): SelectionProblem {
  const hint = nearestOrAll(name, [...graph.members.keys()], 'Jobs of this file');
  const hinted = hint === undefined ? {} : { hint };
  return { code: 'UNKNOWN_JOB', message: `there is no job called \`${name}\``, ...hinted };
}

function leftOutNeeds(job: PlanJob, kept: ReadonlySet<string>, graph: Graph): readonly SelectionProblem[] {
  const needs = new Map<string, SelectionProblem>();
  for (const reference of referencesOfJob(job)) {
    if (reference.kind !== 'output' && reference.kind !== 'status') continue;
    const missing = (graph.members.get(reference.job) ?? []).find(name => !kept.has(name));
    if (missing === undefined) continue;
    const what = reference.kind === 'output' ? `the output \`${reference.output}\`` : 'the status';
    const message = `\`${job.name}\` needs ${what} of \`${missing}\`, which is left out`;
    needs.set(message, { code: 'NEEDS_LEFT_OUT', message, hint: `Select \`${reference.job}\` too.` });
  }
  return [...needs.values()];
}
