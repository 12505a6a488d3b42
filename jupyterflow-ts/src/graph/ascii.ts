import type { Plan } from '../plan/plan.js';
import { foldCopies } from './fold.js';
import { layoutGraph } from './layout.js';

/** More names on a line nobody reads. */
const MOST_PARENTS = 8;
const WIDEST = 40;

/**
 * One line a job, layer after layer, with what it waits for:
 *
 *     1  list
 *     2  uis x3  <- list
 *        uib     <- list
 *     3  total   <- uis, uib
 *     last  mail
 */
export function drawAscii(plan: Plan): string {
  const nodes = foldCopies(plan);
  const graph = nodes.filter(({ exit }) => exit !== true);
  const byName = new Map(nodes.map(node => [node.name, node]));
  const width = Math.min(WIDEST, Math.max(...graph.map(({ label }) => label.length)));
  const lines = layoutGraph(graph).layers.flatMap((layer, depth) =>
    layer.map((name, index) => {
      const { label = name, dependsOn = [] } = byName.get(name) ?? {};
      const step = index === 0 ? String(depth + 1) : '';
      return `${step.padStart(4)}  ${label.padEnd(width)}${after(dependsOn)}`.trimEnd();
    })
  );
  const last = nodes.flatMap(({ exit, label }) => (exit === true ? [`last  ${label}`] : []));
  return `${[...lines, ...last].join('\n')}\n`;
}

function after(parents: readonly string[]): string {
  if (parents.length === 0) return '';
  const shown = parents.slice(0, MOST_PARENTS).join(', ');
  return `  <- ${shown}${parents.length > MOST_PARENTS ? ` and ${parents.length - MOST_PARENTS} more` : ''}`;
}
