import type { Plan } from '../plan/plan.js';
import { drawAscii } from './ascii.js';
import { drawDot } from './dot.js';
import { drawMermaid } from './mermaid.js';
import { drawSvg } from './svg.js';

export type GraphFormat = 'ascii' | 'mermaid' | 'dot' | 'svg';

const DRAWERS: Readonly<Record<GraphFormat, (plan: Plan) => string>> = {
  ascii: drawAscii,
  mermaid: drawMermaid,
  dot: drawDot,
  svg: drawSvg
};

/** Draws the jobs and their edges; the text ends with a line break. */
export function drawGraph(plan: Plan, format: GraphFormat): string {
  return DRAWERS[format](plan);
}
