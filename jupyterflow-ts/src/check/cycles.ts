import { error, type Problem } from '../source/problem.js';
import type { Edge } from './edges.js';
import type { Model } from './model.js';

/** Jobs that wait for one another in a circle: one problem for each group of them, with a shortest whole cycle by names. */
export function checkCycles(model: Model, edges: readonly Edge[]): readonly Problem[] {
  const out: Edge[][] = model.jobs.map(() => []);
  for (const edge of edges) if (edge.from !== edge.to) out[edge.from]?.push(edge);
  return stronglyConnected(out)
    .filter(group => group.length > 1)
    .map(group => describe(model, shortestCycle(group, out)));
}

function describe(model: Model, cycle: readonly Edge[]): Problem {
  const nameOf = (index: number | undefined): string => model.jobs[index ?? -1]?.name ?? '';
  const names = [...cycle.map(edge => nameOf(edge.from)), nameOf(cycle[0]?.from)];
  const closing = cycle.at(-1);
  const related = cycle.slice(0, -1).map(edge => ({
    message: `\`${nameOf(edge.to)}\` waits for \`${nameOf(edge.from)}\``,
    span: edge.span
  }));
  const message = `the jobs wait for each other in a circle: ${names.join(' >> ')}`;
  const span = closing?.span ?? { start: 0, end: 0 };
  return { ...error('cycle', span, message, 'Remove one of these edges.'), related };
}

/** Tarjan 1972, "Depth-first search and linear graph algorithms": O(V + E), with its own stack instead of recursion. */
function stronglyConnected(out: readonly (readonly Edge[])[]): readonly (readonly number[])[] {
  const index = new Array<number>(out.length).fill(-1);
  const low = new Array<number>(out.length).fill(0);
  const onStack = new Array<boolean>(out.length).fill(false);
  const stack: number[] = [];
  const groups: number[][] = [];
  let counter = 0;
  const enter = (node: number): { node: number; next: number } => {
    index[node] = low[node] = counter++;
    stack.push(node);
    onStack[node] = true;
    return { node, next: 0 };
  };
  for (let root = 0; root < out.length; root++) {
    if (index[root] !== -1) continue;
    const work = [enter(root)];
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node } = frame;
      const edge = out[node]?.[frame.next];
      frame.next += 1;
      if (edge !== undefined) {
        if (index[edge.to] === -1) work.push(enter(edge.to));
        else if (onStack[edge.to] === true) low[node] = Math.min(low[node] ?? 0, index[edge.to] ?? 0);
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] === index[node]) groups.push(popGroup(stack, onStack, node));
    }
  }
  return groups;
}

function popGroup(stack: number[], onStack: boolean[], until: number): number[] {
  const group: number[] = [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    onStack[node] = false;
    group.push(node);
    if (node === until) break;
  }
  return group.sort((a, b) => a - b);
}

/** Breadth-first from the first job of the group back to itself. */
function shortestCycle(group: readonly number[], out: readonly (readonly Edge[])[]): readonly Edge[] {
  const start = group[0] ?? 0;
  const inside = new Set(group);
  const cameBy = new Map<number, Edge>();
  const queue = [start];
  for (const node of queue) {
    for (const edge of out[node] ?? []) {
      if (edge.to === start) return pathTo(edge, start, cameBy);
      if (!inside.has(edge.to) || cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  return [];
}

function pathTo(last: Edge, start: number, cameBy: ReadonlyMap<number, Edge>): readonly Edge[] {
  const path = [last];
  for (let at = last.from; at !== start;) {
    const edge = cameBy.get(at);
    if (edge === undefined) break;
    path.unshift(edge);
    at = edge.from;
  }
  return path;
}
