import type { Plan } from '../plan/plan.js';
import { drawAscii } from './ascii.js';
import { drawDot } from './dot.js';
import { drawMermaid } from './mermaid.js';

export type GraphFormat = 'ascii' | 'mermaid' | 'dot';

const DRAWERS: Readonly<Record<GraphFormat, (plan: Plan) => string>> = {
  ascii: drawAscii,
  mermaid: drawMermaid,
  dot: drawDot
};

/** Draws the jobs and their edges; the text ends with a line break. */
export function drawGraph(plan: Plan, format: GraphFormat): string {
  return DRAWERS[format](plan);
}
