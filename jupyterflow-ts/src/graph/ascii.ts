import type { Plan } from '../plan/plan.js';
import { layoutGraph } from './layout.js';

/**
 * One line a job, layer after layer, with what it waits for:
 *
 *     list
 *     ├─ uis    after list
 *     └─ total  after uis
 */
export function drawAscii(plan: Plan): string {
  const byName = new Map(plan.jobs.map(job => [job.name, job]));
  const width = Math.max(...plan.jobs.map(job => job.name.length));
  const lines = layoutGraph(plan.jobs).layers.flatMap((layer, depth) =>
    layer.map(name => {
      const dependsOn = byName.get(name)?.dependsOn ?? [];
      const after = dependsOn.length === 0 ? '' : `  <- ${dependsOn.join(', ')}`;
      return `${String(depth + 1).padStart(3)}  ${name.padEnd(width)}${after}`.trimEnd();
    })
  );
  return `${lines.join('\n')}\n`;
}
