import type { Plan } from '../plan/plan.js';
import { foldCopies, type DrawnNode } from './fold.js';
import { layoutGraph } from './layout.js';

/** A Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). Node ids are indexes, since `end` may not be one. */
export function drawMermaid(plan: Plan): string {
  const nodes = foldCopies(plan);
  const id = new Map(nodes.map(({ name }, index) => [name, `j${index + 1}`]));
  const lines = [
    ...nodes.map(node => `${id.get(node.name) ?? ''}${shape(node)}`),
    ...layoutGraph(nodes).edges.map(({ from, to }) => `${id.get(from) ?? ''} --> ${id.get(to) ?? ''}`)
  ];
  return ['flowchart LR', ...lines.map(line => `  ${line}`), ''].join('\n');
}

/** A box; with a double border when it stands for several jobs, round when it runs last. */
function shape({ label, copies, exit }: DrawnNode): string {
  if (exit === true) return `(["${label}"])`;
  return copies === undefined ? `["${label}"]` : `[["${label}"]]`;
}
