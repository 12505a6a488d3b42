import { itemsOf, valueOf, type MapNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { expandedLength, type Params } from './expressions.js';

/** Most jobs of a file. */
export const MAX_JOBS = 5000;
/** Most volumes of a job. */
export const MAX_VOLUMES = 200;
/** Most characters once parameters are put in and every job has its defaults. */
export const MAX_EXPANDED = 10_000_000;

/** What a value takes beside its text: so that many short ones count too. */
const OVERHEAD = 16;

/**
 * A short file can stand for a plan that fills the memory, or that takes minutes to check: defaults count once for each
 * job, parameters wherever they are named. Told before anything is made of it.
 */
export function checkSize(root: MapNode, params: Params): readonly Problem[] {
  const jobs = valueOf(root, 'jobs');
  const { length } = itemsOf(jobs);
  const say = (what: string): readonly Problem[] => [error('too-large', { start: 0, end: 1 }, what)];
  if (length > MAX_JOBS) return say(`${length} jobs; the limit is ${MAX_JOBS}`);
  const maps = [root, ...itemsOf(jobs)];
  if (maps.some(map => itemsOf(valueOf(map, 'volumes')).length > MAX_VOLUMES)) {
    return say(`a job has more than ${MAX_VOLUMES} volumes`);
  }
  const defaults = root.entries.filter(({ key }) => key !== 'jobs' && key !== 'params' && key !== 'dags');
  const own = jobs === undefined ? 0 : weigh(jobs, params);
  if (own + weigh({ ...root, entries: defaults }, params) * Math.max(1, length) <= MAX_EXPANDED) return [];
  return say(`more than ${MAX_EXPANDED} characters once parameters and defaults are put into the jobs`);
}

function weigh(node: SourceNode, params: Params): number {
  switch (node.kind) {
    case 'scalar':
      return OVERHEAD + expandedLength(node.text, params);
    case 'list':
      return node.items.reduce((sum, item) => sum + weigh(item, params), OVERHEAD);
    case 'map':
      return node.entries.reduce((sum, { key, value }) => sum + key.length + weigh(value, params), OVERHEAD);
  }
}
