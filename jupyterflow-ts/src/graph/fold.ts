import type { Plan, PlanJob } from '../plan/plan.js';
import type { GraphNode } from './layout.js';

/** A node of a drawing: a job, or all copies of one. */
export interface DrawnNode extends GraphNode {
  /** The name, with the number of copies: `train x3`; `x?` when only the run knows how many. */
  readonly label: string;
  /** Absent: it stands for one job. */
  readonly copies?: number | 'unknown';
  /** It runs last, after all others. */
  readonly exit?: true;
}

/** The jobs of a plan with the copies of each as one node, unless edges tell them apart; `onExit` last. */
export function foldCopies(plan: Plan): readonly DrawnNode[] {
  const groups = new Map<string, PlanJob[]>();
  for (const job of plan.jobs) {
    if (job.group === undefined) continue;
    const copies = groups.get(job.group);
    if (copies === undefined) groups.set(job.group, [job]);
    else copies.push(job);
  }
  const named = new Set(plan.jobs.flatMap(({ dependsOn }) => dependsOn));
  const folded = new Set(
    [...groups].flatMap(([group, copies]) => (copies.length > 1 && areAlike(copies, named) ? [group] : []))
  );
  const nodes = plan.jobs.flatMap((job): readonly DrawnNode[] => {
    const { group, dependsOn } = job;
    if (group === undefined || !folded.has(group)) return [single(job)];
    const copies = groups.get(group) ?? [];
    if (copies[0] !== job) return [];
    return [{ name: group, label: `${group} x${copies.length}`, dependsOn, copies: copies.length }];
  });
  return plan.onExit === undefined ? nodes : [...nodes, { ...single(plan.onExit), exit: true }];
}

function areAlike(copies: readonly PlanJob[], named: ReadonlySet<string>): boolean {
  const [first] = copies;
  const key = first?.dependsOn.join(' ');
  return copies.every(({ name, dependsOn }) => !named.has(name) && dependsOn.join(' ') === key);
}

function single({ name, group, dependsOn, foreach }: PlanJob): DrawnNode {
  return {
    name,
    label: foreach === undefined ? name : `${name} x?`,
    dependsOn,
    ...(group === undefined ? {} : { group }),
    ...(foreach === undefined ? {} : { copies: 'unknown' })
  };
}
