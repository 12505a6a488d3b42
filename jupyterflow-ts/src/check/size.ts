import { itemsOf, valueOf, type MapEntry, type MapNode, type SourceNode, type Span } from '../source/node.js';
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

/** What makes a file too large. */
export interface TooLarge {
  readonly problem: Problem;
  /** The file with each job once and no more volumes than may be, when the other rules can look at that. */
  readonly lighter?: MapNode;
}

interface Counted {
  readonly job: SourceNode;
  readonly repeat: Repeat | undefined;
}

/**
 * A short file can stand for a plan that fills the memory, or that takes minutes to check: defaults count once for each
 * job, a job with all its texts once for each of its copies, parameters and items wherever they are named. Told before
 * anything is made of it.
 * @param scale how much longer than usual the file may be, at least 1
 */
export function checkSize(root: MapNode, params: Params, scale: number): TooLarge | undefined {
  const problem = findTooLarge(root, params, scale);
  if (problem === undefined) return undefined;
  const lighter = lighten(root, params);
  return findTooLarge(lighter, params, scale) === undefined ? { problem, lighter } : { problem };
}

function findTooLarge(root: MapNode, params: Params, scale: number): Problem | undefined {
  const jobs = itemsOf(valueOf(root, 'jobs')).map(job => ({ job, repeat: repeatOf(job, params) }));
  const count = jobs.reduce((sum, { repeat }) => sum + (repeat?.count ?? 1), 0);
  if (count > MAX_JOBS) {
    const hint = `A job can go over many items itself; or make several files of at most ${MAX_JOBS} jobs.`;
    return error('too-large', causeOfCount(jobs), `${count} jobs; the limit is ${MAX_JOBS}`, hint);
  }
  for (const map of [root, ...jobs.map(({ job }) => job)]) {
    const volume = itemsOf(valueOf(map, 'volumes'))[MAX_VOLUMES];
    if (volume === undefined) continue;
    const hint = 'Mount a folder above them once, or part the job.';
    return error('too-large', volume.span, `a job has more than ${MAX_VOLUMES} volumes`, hint);
  }
  const parts = weighParts(root, jobs, count, params);
  const limit = MAX_EXPANDED * scale;
  if (parts.reduce((sum, { weight }) => sum + weight, 0) <= limit) return undefined;
  const message = `more than ${limit} characters once parameters, items and defaults are put into the jobs`;
  const hint = 'Put long texts into files, which the jobs read.';
  return error('too-large', heaviest(parts)?.span ?? root.span, message, hint);
}

/** The largest number of copies; among many jobs with few copies the job that is one too many. */
function causeOfCount(jobs: readonly Counted[]): Span {
  const sizes = jobs.map(({ repeat }) => repeat?.count ?? 1);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  if (most >= jobs.length) return spanOfRepeat(jobs[sizes.indexOf(most)]?.job);
  let sum = 0;
  const over = sizes.findIndex(size => (sum += size) > MAX_JOBS);
  return spanOfRepeat(jobs[over]?.job);
}

function spanOfRepeat(job: SourceNode | undefined): Span {
  const repeat = valueOf(job, 'foreach') ?? valueOf(job, 'copies') ?? job;
  return repeat?.span ?? { start: 0, end: 1 };
}

interface Part {
  readonly weight: number;
  /** Where it can be mended. */
  readonly span: Span;
}

/** What the jobs and the other keys of a file come to in the end. */
function weighParts(root: MapNode, jobs: readonly Counted[], count: number, params: Params): readonly Part[] {
  const others = root.entries.filter(({ key }) => key !== 'jobs' && key !== 'params');
  return [
    ...jobs.map(({ job, repeat }) => ({
      weight: weighCopies(job, repeat, params),
      span: repeat === undefined ? job.span : spanOfRepeat(job)
    })),
    ...others.map(({ key, keySpan, value }) => {
      const times = NO_DEFAULTS.has(key) ? 1 : Math.max(1, count);
      return { weight: (key.length + weigh(value, params, 0)) * times, span: keySpan };
    })
  ];
}

function heaviest(parts: readonly Part[]): Part | undefined {
  return parts.reduce<Part | undefined>((most, part) => (part.weight > (most?.weight ?? 0) ? part : most), undefined);
}

/** What is there many times, once: then the mistakes that are there once can be told too. */
function lighten(root: MapNode, params: Params): MapNode {
  const entries = root.entries.map(entry => {
    if (entry.key !== 'jobs' || entry.value.kind !== 'list') return entry;
    const items = entry.value.items.map(job => lightenJob(job, params));
    return { ...entry, value: { ...entry.value, items } };
  });
  return withFewVolumes({ ...root, entries });
}

function lightenJob(job: SourceNode, params: Params): SourceNode {
  const repeat = repeatOf(job, params);
  if (job.kind !== 'map') return job;
  if (repeat === undefined) return withFewVolumes(job);
  const entries = job.entries.map((entry): MapEntry => {
    const { span } = entry.value;
    if (entry.key === 'copies') return { ...entry, value: { kind: 'scalar', span, value: 1, text: '1' } };
    if (entry.key !== 'foreach' || repeat.items === undefined) return entry;
    return { ...entry, value: { kind: 'list', span, items: repeat.items.slice(0, 1) } };
  });
  return withFewVolumes({ ...job, entries });
}

function withFewVolumes(map: MapNode): MapNode {
  if (itemsOf(valueOf(map, 'volumes')).length <= MAX_VOLUMES) return map;
  const entries = map.entries.map(entry =>
    entry.key === 'volumes' && entry.value.kind === 'list'
      ? { ...entry, value: { ...entry.value, items: entry.value.items.slice(0, MAX_VOLUMES) } }
      : entry
  );
  return { ...map, entries };
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
