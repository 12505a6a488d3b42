import { operandsOf } from '../../plan/conditions.js';
import type { PlanCondition, PlanJob } from '../../plan/plan.js';

/** The edges of a plan by numbers: first its jobs in their order, then its groups. */
export interface Graph {
  readonly names: readonly string[];
  readonly numberOf: ReadonlyMap<string, number>;
  readonly parents: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
  /** Every node after its parents. */
  readonly order: readonly number[];
}

type GraphJob = Pick<PlanJob, 'name' | 'dependsOn' | 'group'>;

/**
 * Resolves the edges of a plan. A group is a node of its own, whose parents are its jobs: so an edge between two groups
 * is one edge, however many their jobs are.
 * @throws Error when a name is used twice, an edge leads nowhere, or edges form a cycle.
 */
export function graphOf(jobs: readonly GraphJob[]): Graph {
  const numberOf = new Map(jobs.map((job, number) => [job.name, number]));
  if (numberOf.size < jobs.length) throw new Error('two jobs of the plan have the same name');
  const names = jobs.map(job => job.name);
  const parents: number[][] = jobs.map(() => []);
  for (const [number, { group }] of jobs.entries()) {
    if (group === undefined) continue;
    let of = numberOf.get(group);
    if (of !== undefined && of < jobs.length)
      throw new Error(`${group} is the name of a job and of a group of the plan`);
    if (of === undefined) {
      of = names.push(group) - 1;
      numberOf.set(group, of);
      parents.push([]);
    }
    parents[of]?.push(number);
  }
  for (const [number, job] of jobs.entries()) {
    for (const name of job.dependsOn) {
      const parent = numberOf.get(name);
      if (parent === undefined) throw new Error(`job ${job.name} depends on ${name}, which is not in the plan`);
      parents[number]?.push(parent);
    }
  }
  const children: number[][] = parents.map(() => []);
  parents.forEach((of, child) => of.forEach(parent => children[parent]?.push(child)));
  return { names, numberOf, parents, children, order: topologicalOrder(parents, children) };
}

/** Kahn's algorithm: O(nodes + edges). */
function topologicalOrder(parents: readonly (readonly number[])[], children: readonly (readonly number[])[]): number[] {
  const missing = parents.map(of => of.length);
  const order = [...missing.keys()].filter(node => missing[node] === 0);
  for (const node of order) {
    for (const child of children[node] ?? []) {
      const left = (missing[child] ?? 0) - 1;
      missing[child] = left;
      if (left === 0) order.push(child);
    }
  }
  if (order.length < parents.length) throw new Error('the edges of the plan form a cycle');
  return order;
}

/** Names of the jobs and groups whose status a condition asks for. */
export function askedStatuses(condition: PlanCondition | undefined): ReadonlySet<string> {
  const operands = condition === undefined ? [] : operandsOf(condition);
  return new Set(operands.flatMap(side => (typeof side === 'object' && side.kind === 'status' ? [side.job] : [])));
}
