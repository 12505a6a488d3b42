import type { Plan } from '../plan/plan.js';
import { foldCopies } from './fold.js';
import { layoutGraph } from './layout.js';

/** A Graphviz digraph (https://graphviz.org/doc/info/lang.html). Job names need no escape inside quotes. */
export function drawDot(plan: Plan): string {
  const nodes = foldCopies(plan);
  const lines = [
    'rankdir=LR;',
    'node [shape=box];',
    ...nodes.map(({ name, label, exit, copies }) => {
      const style = exit === true ? 'style=dashed' : copies === undefined ? undefined : 'peripheries=2';
      const attributes = [...(label === name ? [] : [`label="${label}"`]), ...(style === undefined ? [] : [style])];
      return `"${name}"${attributes.length === 0 ? '' : ` [${attributes.join(' ')}]`};`;
    }),
    ...layoutGraph(nodes).edges.map(({ from, to }) => `"${from}" -> "${to}";`)
  ];
  return [`digraph "${plan.name}" {`, ...lines.map(line => `  ${line}`), '}', ''].join('\n');
}
