import {
  entryOf,
  isString,
  itemsOf,
  valueOf,
  type MapNode,
  type ScalarNode,
  type SourceNode,
  type Span
} from '../source/node.js';
import type { Params } from './expressions.js';

/** A workflow file as the rules see it: whatever could be read, also when other parts are wrong. */
export interface Model {
  readonly root: MapNode;
  readonly jobs: readonly JobModel[];
  readonly params: Params;
  /** The user's home in the jobs. */
  readonly home: string;
}

export interface JobModel {
  /** Position in the file, from 0. */
  readonly index: number;
  /** As the file says, else job-<1-based index>. */
  readonly name: string;
  /** Where to point when the job is meant. */
  readonly span: Span;
  /** Absent for a job that is only a command. */
  readonly map?: MapNode;
  readonly command?: SourceNode;
}

export function makeModel(root: MapNode, params: Params, home: string): Model {
  const jobs = itemsOf(valueOf(root, 'jobs')).map((node, index) => makeJob(node, index));
  return { root, jobs, params, home };
}

function makeJob(node: SourceNode, index: number): JobModel {
  const fallback = `job-${index + 1}`;
  if (node.kind !== 'map') return { index, name: fallback, span: node.span, command: node };
  const name = entryOf(node, 'name')?.value;
  const command = valueOf(node, 'command');
  return {
    index,
    name: isString(name) ? name.value : fallback,
    span: isString(name) ? name.span : (node.entries[0]?.keySpan ?? node.span),
    map: node,
    ...(command === undefined ? {} : { command })
  };
}

/** A setting of a job: its own, else the file's default. */
export function settingOf(model: Model, job: JobModel, key: string): SourceNode | undefined {
  return valueOf(job.map, key) ?? valueOf(model.root, key);
}

/** The maps that may carry settings of jobs: the file's top level and every job. */
export function settingMaps(model: Model): readonly MapNode[] {
  return [model.root, ...model.jobs.flatMap(job => (job.map === undefined ? [] : [job.map]))];
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
