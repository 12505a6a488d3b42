import { fillEntry, fillNode, type Params } from '../expression/fill.js';
import { findExpressions } from '../expression/syntax.js';
import type { OutputReference } from '../plan/plan.js';
import type { SourcePath } from '../source/locate.js';
import {
  entryOf,
  fromValue,
  isString,
  itemsOf,
  valueOf,
  type MapNode,
  type ScalarNode,
  type SourceNode,
  type Span
} from '../source/node.js';

/**
 * A workflow file as the rules see it: whatever could be read, also when other parts are wrong, with parameters put in
 * and the copies of `foreach` and `copies` made.
 */
export interface Model {
  /** The file, with every copy among its `jobs`. */
  readonly root: MapNode;
  /** Every job and every copy, in the order of the file. */
  readonly jobs: readonly JobModel[];
  readonly onExit?: JobModel;
  /** What edges may name: the jobs of {@link Model.jobs}, at the same indexes, and after them the groups of copies. */
  readonly units: readonly Unit[];
  /** For each job of the file, from 0, its unit: the job itself, or the group of its copies. */
  readonly unitOfFileJob: readonly number[];
  /** See {@link settingMaps}. */
  readonly maps: readonly MapNode[];
  readonly params: Params;
  /** The user's home in the jobs. */
  readonly home: string;
}

export interface JobModel {
  /** As the file says, else job-<1-based index>; of a copy with its number. */
  readonly name: string;
  /** Name in the file when this is a copy. */
  readonly group?: string;
  /** Position in the file, from 0; -1 of `onExit`. */
  readonly source: number;
  readonly path: SourcePath;
  /** Where to point when the job is meant. */
  readonly span: Span;
  /** Absent for a job that is only a command. */
  readonly map?: MapNode;
  readonly command?: SourceNode;
  /** The list of which it is copied while the run goes. */
  readonly foreach?: OutputReference;
}

/** A job, or all copies of one: `count` jobs from the index `first` on. */
export interface Unit {
  readonly name: string;
  readonly span: Span;
  readonly first: number;
  readonly count: number;
  readonly group: boolean;
}

/** How often a job of the file is copied before the run: by its items, or by a number. Absent: it is no group. */
export interface Repeat {
  readonly count: number;
  readonly items?: readonly SourceNode[];
}

const ON_EXIT = 'on-exit';

export function makeModel(raw: MapNode, params: Params, home: string): Model {
  const jobs: JobModel[] = [];
  const groups: Unit[] = [];
  const unitOfFileJob: (number | { readonly group: number })[] = [];
  for (const [source, node] of itemsOf(valueOf(raw, 'jobs')).entries()) {
    const repeat = repeatOf(node, params);
    if (repeat === undefined) {
      unitOfFileJob.push(jobs.length);
      jobs.push(makeJob(fillNode(node, { params }), source));
      continue;
    }
    const first = jobs.length;
    const copies = makeCopies(node, repeat, params, source);
    unitOfFileJob.push({ group: groups.length });
    groups.push({
      name: copies[0]?.group ?? '',
      span: copies[0]?.span ?? node.span,
      first,
      count: copies.length,
      group: true
    });
    for (const copy of copies) jobs.push(copy);
  }
  const units = jobs.map(({ name, span }, first): Unit => ({ name, span, first, count: 1, group: false }));
  const onExit = makeOnExit(raw, params);
  const root = fillRoot(raw, params, jobs, onExit);
  return {
    root,
    maps: [
      ...new Set([root, ...jobs.flatMap(({ map }) => map ?? []), ...(onExit?.map === undefined ? [] : [onExit.map])])
    ],
    jobs,
    ...(onExit === undefined ? {} : { onExit }),
    units: [...units, ...groups],
    unitOfFileJob: unitOfFileJob.map(unit => (typeof unit === 'number' ? unit : jobs.length + unit.group)),
    params,
    home
  };
}

/** How often a job is copied; what is no list and no number is reported by the rules and copied not at all. */
export function repeatOf(job: SourceNode, params: Params): Repeat | undefined {
  const items = staticItems(valueOf(job, 'foreach'), params);
  if (items !== undefined) return items.length === 0 ? undefined : { count: items.length, items };
  const node = valueOf(job, 'copies');
  const copies = node === undefined ? undefined : fillNode(node, { params }, true);
  if (copies?.kind !== 'scalar' || typeof copies.value !== 'number') return undefined;
  return Number.isInteger(copies.value) && copies.value > 0 ? { count: copies.value } : undefined;
}

/** The items of a list of the file, or of a parameter that is a JSON list. */
export function staticItems(foreach: SourceNode | undefined, params: Params): readonly SourceNode[] | undefined {
  if (foreach?.kind === 'list') return itemsOf(fillNode(foreach, { params }));
  if (!isString(foreach)) return undefined;
  const [token] = findExpressions(foreach.value);
  if (token?.expression?.kind !== 'param' || foreach.value.trim().length !== token.end - token.start) return undefined;
  try {
    const list: unknown = JSON.parse(params.get(token.expression.name)?.text ?? '');
    return Array.isArray(list) ? list.map(item => fromValue(item, foreach.span)) : undefined;
  } catch {
    return undefined;
  }
}

/** The output that a `foreach` stands for as a whole. */
export function dynamicList(foreach: SourceNode | undefined): OutputReference | undefined {
  if (!isString(foreach)) return undefined;
  const [token] = findExpressions(foreach.value);
  const alone = token !== undefined && foreach.value.trim().length === token.end - token.start;
  return alone && token.expression?.kind === 'output' ? token.expression : undefined;
}

function makeCopies(node: SourceNode, repeat: Repeat, params: Params, source: number): readonly JobModel[] {
  const { count, items } = repeat;
  // The list of a thousand copies is looked at once, not a thousand times.
  const others = withoutRepeat(node);
  return Array.from({ length: count }, (_, index) => {
    const item = items?.[index];
    const filled = fillNode(index === 0 ? node : others, {
      params,
      index,
      ...(item === undefined ? {} : { item })
    });
    const job = makeJob(filled, source);
    return { ...job, name: `${job.name}-${index}`, group: job.name };
  });
}

function withoutRepeat(node: SourceNode): SourceNode {
  if (node.kind !== 'map') return node;
  return { ...node, entries: node.entries.filter(({ key }) => key !== 'foreach' && key !== 'copies') };
}

function makeJob(node: SourceNode, source: number, fallback = `job-${source + 1}`): JobModel {
  const path: SourcePath = source < 0 ? ['onExit'] : ['jobs', source];
  if (node.kind !== 'map') return { name: fallback, source, path, span: node.span, command: node };
  const name = entryOf(node, 'name')?.value;
  const command = valueOf(node, 'command');
  const foreach = dynamicList(valueOf(node, 'foreach'));
  return {
    name: isString(name) ? name.value : fallback,
    source,
    path,
    span: isString(name) ? name.span : (node.entries[0]?.keySpan ?? node.span),
    map: node,
    ...(command === undefined ? {} : { command }),
    ...(foreach === undefined ? {} : { foreach })
  };
}

function makeOnExit(raw: MapNode, params: Params): JobModel | undefined {
  const node = valueOf(raw, 'onExit');
  return node === undefined ? undefined : makeJob(fillNode(node, { params }), -1, ON_EXIT);
}

function fillRoot(raw: MapNode, params: Params, jobs: readonly JobModel[], onExit: JobModel | undefined): MapNode {
  const entries = raw.entries.map(entry => {
    if (entry.key === 'params') return entry;
    if (entry.key === 'onExit') return { ...entry, value: onExit?.map ?? onExit?.command ?? entry.value };
    if (entry.key !== 'jobs' || entry.value.kind !== 'list') {
      return fillEntry(entry, { params });
    }
    const items = jobs.map(job => job.map ?? job.command ?? entry.value);
    return { ...entry, value: { ...entry.value, items } };
  });
  return { ...raw, entries };
}

/** Every job, and `onExit`. */
export function allJobs(model: Model): readonly JobModel[] {
  return model.onExit === undefined ? model.jobs : [...model.jobs, model.onExit];
}

/** A setting of a job: its own, else the file's default. */
export function settingOf(model: Model, job: JobModel, key: string): SourceNode | undefined {
  return valueOf(job.map, key) ?? valueOf(model.root, key);
}

/** The maps that may carry settings of jobs: the file's top level and every job. Copies that are alike share one. */
export function settingMaps(model: Model): readonly MapNode[] {
  return model.maps;
}

/** exec is the default. */
export function isShell(model: Model, job: JobModel): boolean {
  const mode = settingOf(model, job, 'cmd_mode');
  return mode?.kind === 'scalar' && mode.value === 'shell';
}

/** A name that the file gives to a job. */
export function givenName(job: JobModel): ScalarNode | undefined {
  const name = valueOf(job.map, 'name');
  return name?.kind === 'scalar' && name.value !== null ? name : undefined;
}
