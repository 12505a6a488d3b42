import { error, type Problem } from '../source/problem.js';
import { nameOfUnit } from './edges.js';
import type { Model } from './model.js';
import type { Line, Waits } from './waits.js';

/** Jobs that wait for one another in a circle: one problem for each group of them, with a shortest whole cycle by names. */
export function checkCycles(model: Model, waits: Waits): readonly Problem[] {
  return stronglyConnected(waits.out)
    .filter(component => component.length > 1)
    .map(component => describe(model, waits, shortestCycle(component, waits.out)));
}

function describe(model: Model, waits: Waits, cycle: readonly Line[]): Problem {
  const nameOf = (point: number): string => nameOfUnit(model.units, waits.unitOf(point));
  const edges = cycle.flatMap(({ from, to, span }) => (span === undefined ? [] : [{ from, to, span }]));
  const closing = edges.at(-1);
  const related = edges.slice(0, -1).map(({ from, to, span }) => ({
    message: `\`${nameOf(to)}\` waits for \`${nameOf(from)}\``,
    span
  }));
  const message = `the jobs wait for each other in a circle: ${namesOf(model, waits, cycle).join(' >> ')}`;
  return {
    ...error('cycle', closing?.span ?? { start: 0, end: 0 }, message, 'Remove one of these edges.'),
    related
  };
}

/** The units on a cycle, the first also at its end. A group that is gone through as a whole is named, not the copy. */
function namesOf(model: Model, waits: Waits, cycle: readonly Line[]): readonly string[] {
  const points = cycle.map(({ from }) => from);
  const units = points.flatMap((point, index) => {
    const before = points.at(index - 1) ?? point;
    const after = points[(index + 1) % points.length] ?? point;
    const isPassed =
      after === before + 1 && before >= model.jobs.length && waits.unitOf(before) === waits.unitOf(after);
    return isPassed ? [] : [waits.unitOf(point)];
  });
  const distinct = units.filter((unit, index) => unit !== units.at(index - 1));
  return [...distinct, ...distinct.slice(0, 1)].map(unit => nameOfUnit(model.units, unit));
}

/** Tarjan 1972, "Depth-first search and linear graph algorithms": O(V + E), with its own stack instead of recursion. */
function stronglyConnected(out: readonly (readonly Line[])[]): readonly (readonly number[])[] {
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
function shortestCycle(group: readonly number[], out: readonly (readonly Line[])[]): readonly Line[] {
  const start = group[0] ?? 0;
  const inside = new Set(group);
  const cameBy = new Map<number, Line>();
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

function pathTo(last: Line, start: number, cameBy: ReadonlyMap<number, Line>): readonly Line[] {
  const path = [last];
  for (let at = last.from; at !== start;) {
    const edge = cameBy.get(at);
    if (edge === undefined) break;
    path.push(edge);
    at = edge.from;
  }
  return path.reverse();
}
