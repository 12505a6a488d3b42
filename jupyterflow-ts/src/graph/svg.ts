import type { Plan } from '../plan/plan.js';
import { foldCopies, type DrawnNode } from './fold.js';
import { layoutGraph } from './layout.js';

/** In pixels. */
const NODE = { height: 36, padding: 14, letter: 8 };
const GAP = { x: 56, y: 16 };
const MARGIN = 12;
const LONGEST_LABEL = 40;

const STYLE = [
  'svg{color:#1f2328;background:#fff;font:13px ui-monospace,monospace}',
  'rect,path{stroke:currentColor}path{fill:none}rect{fill:#fff}',
  '@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}rect{fill:#0d1117}}',
  'text,marker path{fill:currentColor;stroke:none}',
  '.exit rect{stroke-dasharray:4 3}'
].join('');

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** An SVG image of the jobs in layers from left to right. It has a title, and each job says in words what it waits for. */
export function drawSvg(plan: Plan): string {
  const nodes = foldCopies(plan);
  const byName = new Map(nodes.map(node => [node.name, node]));
  const { layers: graph, edges } = layoutGraph(nodes.filter(({ exit }) => exit !== true));
  const layers = [...graph, ...nodes.flatMap(({ exit, name }) => (exit === true ? [[name]] : []))];
  const { boxes, width, height } = place(layers, byName);
  const title = `Jobs of ${plan.name}`;
  const description = `${plan.jobs.length} jobs in ${graph.length} steps`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${description}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>',
    ...edges.map(({ from, to }) => curve(boxes.get(from), boxes.get(to))),
    ...nodes.map(node => drawNode(node, boxes.get(node.name))),
    '</svg>',
    ''
  ].join('\n');
}

/** Each layer is a column as wide as its longest label, and stands in the middle of the height. */
function place(
  layers: readonly (readonly string[])[],
  byName: ReadonlyMap<string, DrawnNode>
): { readonly boxes: ReadonlyMap<string, Box>; readonly width: number; readonly height: number } {
  const step = NODE.height + GAP.y;
  const rows = layers.reduce((most, layer) => Math.max(most, layer.length), 1);
  const boxes = new Map<string, Box>();
  let x = MARGIN;
  for (const layer of layers) {
    const letters = layer.reduce((most, name) => Math.max(most, labelOf(byName.get(name)).length), 1);
    const width = letters * NODE.letter + 2 * NODE.padding;
    const top = MARGIN + ((rows - layer.length) * step) / 2;
    for (const [row, name] of layer.entries()) boxes.set(name, { x, y: top + row * step, width });
    x += width + GAP.x;
  }
  return { boxes, width: x - GAP.x + MARGIN, height: rows * step - GAP.y + 2 * MARGIN };
}

function labelOf(node: DrawnNode | undefined): string {
  const label = node?.label ?? '';
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}\u2026` : label;
}

function drawNode(node: DrawnNode, box: Box = { x: 0, y: 0, width: 0 }): string {
  const { label, dependsOn, exit, copies } = node;
  const words =
    exit === true ? 'runs last' : dependsOn.length === 0 ? 'waits for nothing' : `after ${dependsOn.join(', ')}`;
  const frame = `height="${NODE.height}" rx="4"`;
  // A second frame behind stands for the copies.
  const behind =
    copies === undefined ? '' : `<rect x="${box.x + 4}" y="${box.y - 4}" width="${box.width}" ${frame} opacity="0.4"/>`;
  return [
    `<g${exit === true ? ' class="exit"' : ''}><title>${escape(`${label}: ${words}`)}</title>`,
    `${behind}<rect x="${box.x}" y="${box.y}" width="${box.width}" ${frame}/>`,
    `<text x="${box.x + box.width / 2}" y="${box.y + NODE.height / 2}" text-anchor="middle" dominant-baseline="central">`,
    `${escape(labelOf(node))}</text></g>`
  ].join('');
}

function curve(from: Box | undefined, to: Box | undefined): string {
  if (from === undefined || to === undefined) return '';
  const middle = NODE.height / 2;
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + middle, to.x, to.y + middle];
  const bend = (x2 - x1) / 2;
  return `<path d="M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}" marker-end="url(#arrow)"/>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, char => ENTITIES[char] ?? char);
}
