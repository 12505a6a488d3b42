import type { Plan } from '../plan/plan.js';

/** A Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). Node ids are indexes, since `end` may not be one. */
export function drawMermaid(plan: Plan): string {
  const id = new Map(plan.jobs.map((job, index) => [job.name, `j${index + 1}`]));
  const lines = [
    ...plan.jobs.map(job => `${id.get(job.name) ?? ''}["${job.name}"]`),
    ...plan.jobs.flatMap(job => job.dependsOn.map(from => `${id.get(from) ?? ''} --> ${id.get(job.name) ?? ''}`))
  ];
  return ['flowchart LR', ...lines.map(line => `  ${line}`), ''].join('\n');
}
