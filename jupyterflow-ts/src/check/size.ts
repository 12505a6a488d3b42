import { itemsOf, valueOf, type MapNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { filledLength, itemValue, type Params } from '../expression/fill.js';
import { repeatOf, type Repeat } from './model.js';

/** Most jobs of a file, each copy counted. */
export const MAX_JOBS = 20_000;
/** Most volumes of a job. */
export const MAX_VOLUMES = 200;
/** Most characters once parameters are put in and every job has its defaults. */
export const MAX_EXPANDED = 10_000_000;

/** What a value takes beside its text: so that many short ones count too. */
const OVERHEAD = 16;

/**
 * A short file can stand for a plan that fills the memory, or that takes minutes to check: defaults count once for each
 * job, a job with all its texts once for each of its copies, parameters and items wherever they are named. Told before
 * anything is made of it.
 * @param scale how much longer than usual the file may be, at least 1
 */
export function checkSize(root: MapNode, params: Params, scale: number): readonly Problem[] {
  const jobs = itemsOf(valueOf(root, 'jobs')).map(job => ({ job, repeat: repeatOf(job, params) }));
  const count = jobs.reduce((sum, { repeat }) => sum + (repeat?.count ?? 1), 0);
  const say = (what: string): readonly Problem[] => [error('too-large', { start: 0, end: 1 }, what)];
  if (count > MAX_JOBS) return say(`${count} jobs; the limit is ${MAX_JOBS}`);
  if ([root, ...jobs.map(({ job }) => job)].some(map => itemsOf(valueOf(map, 'volumes')).length > MAX_VOLUMES)) {
    return say(`a job has more than ${MAX_VOLUMES} volumes`);
  }
  const defaults = root.entries.filter(({ key }) => !NO_DEFAULTS.has(key));
  const own = jobs.reduce((sum, { job, repeat }) => sum + weighCopies(job, repeat, params), 0);
  const once = root.entries.filter(({ key }) => NO_DEFAULTS.has(key) && key !== 'jobs' && key !== 'params');
  const all =
    own +
    weigh({ ...root, entries: once }, params, 0) +
    weigh({ ...root, entries: defaults }, params, 0) * Math.max(1, count);
  const limit = MAX_EXPANDED * scale;
  return all <= limit
    ? []
    : say(`more than ${limit} characters once parameters, items and defaults are put into the jobs`);
}

/** Keys of the file that are said once, whatever the number of jobs. */
const NO_DEFAULTS = new Set(['jobs', 'params', 'dags', 'name', 'schedule', 'onExit', 'labels', 'annotations', 'argo']);

function weighCopies(job: SourceNode, repeat: Repeat | undefined, params: Params): number {
  if (repeat === undefined || job.kind !== 'map') return weigh(job, params, 0);
  const items = repeat.items ?? [];
  const longest = items.reduce(
    (most, item) => Math.max(most, itemValue(item).text.length),
    String(repeat.count).length
  );
  const copied = job.entries.filter(({ key }) => key !== 'foreach' && key !== 'copies');
  const list = items.reduce((sum, item) => sum + weigh(item, params, 0), 0);
  return list + weigh({ ...job, entries: copied }, params, longest) * repeat.count;
}

function weigh(node: SourceNode, params: Params, longest: number): number {
  switch (node.kind) {
    case 'scalar':
      return OVERHEAD + filledLength(node.text, params, longest);
    case 'list':
      return node.items.reduce((sum, item) => sum + weigh(item, params, longest), OVERHEAD);
    case 'map':
      return node.entries.reduce((sum, { key, value }) => sum + key.length + weigh(value, params, longest), OVERHEAD);
  }
}
