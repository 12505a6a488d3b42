import type { Span } from '../source/node.js';
import type { Edge } from './edges.js';
import type { Model } from './model.js';

/**
 * What waits for what, as a graph of points. A job is a point. A group of copies has two more, so that n copies before m
 * others are n + m lines: what waits for the group waits for its end, which waits for each copy; and each copy waits for
 * the beginning, which waits for what the group waits for.
 *
 *     a -> [train begins] -> train-0 -> [train ends] -> b
 *                       \-> train-1 -/
 */
export interface Waits {
  /** For each point the lines to those that wait for it. */
  readonly out: readonly (readonly Line[])[];
  /** The point that waits when a unit does, and the one that is waited for. */
  readonly begins: (unit: number) => number;
  readonly ends: (unit: number) => number;
  /** The unit that a point belongs to. */
  readonly unitOf: (point: number) => number;
}

export interface Line {
  readonly from: number;
  readonly to: number;
  /** Of the edge in the file; absent between a group and its copies. */
  readonly span?: Span;
}

export function makeWaits(model: Model, edges: readonly Edge[]): Waits {
  const jobs = model.jobs.length;
  const begins = (unit: number): number => (unit < jobs ? unit : jobs + 2 * (unit - jobs));
  const ends = (unit: number): number => (unit < jobs ? unit : begins(unit) + 1);
  const out: Line[][] = Array.from({ length: jobs + 2 * (model.units.length - jobs) }, () => []);
  const add = (line: Line): void => void out[line.from]?.push(line);
  for (const [index, { group, first, count }] of model.units.entries()) {
    if (!group) continue;
    for (let job = first; job < first + count; job++) {
      add({ from: begins(index), to: job });
      add({ from: job, to: ends(index) });
    }
  }
  for (const { from, to, span } of edges) if (from !== to) add({ from: ends(from), to: begins(to), span });
  return { out, begins, ends, unitOf: point => (point < jobs ? point : jobs + ((point - jobs) >> 1)) };
}
