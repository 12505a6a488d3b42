import type { Plan } from '../plan/plan.js';

/** A Graphviz digraph (https://graphviz.org/doc/info/lang.html). Job names need no escape inside quotes. */
export function drawDot(plan: Plan): string {
  const lines = [
    'rankdir=LR;',
    'node [shape=box];',
    ...plan.jobs.map(job => `"${job.name}";`),
    ...plan.jobs.flatMap(job => job.dependsOn.map(from => `"${from}" -> "${job.name}";`))
  ];
  return [`digraph "${plan.name}" {`, ...lines.map(line => `  ${line}`), '}', ''].join('\n');
}
