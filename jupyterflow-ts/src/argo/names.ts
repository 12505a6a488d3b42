import { fnv1a } from '../plan/names.js';
import type { PlanJob } from '../plan/plan.js';
import type { Workflow } from './manifest.js';

/** Template of the graph, and the entrypoint. */
export const DAG = 'dag';
/** Longest name of a template or task (Argo's workflow/validate). */
const MAX_NAME = 128;

/**
 * Words that mean something else in Argo's `depends`, which is an expression (expr-lang.org/docs/language-definition):
 * a task of this name could not be waited for (argo-workflows#12037).
 */
const RESERVED = new Set(
  `true false nil not in and or matches contains startsWith endsWith let if else
  all any one none map filter find findIndex findLast findLastIndex count sum groupBy sortBy reduce
  len type abs ceil floor round int float string trim trimPrefix trimSuffix upper lower split splitAfter replace repeat join
  indexOf lastIndexOf hasPrefix hasSuffix max min mean median toJSON fromJSON toBase64 fromBase64 now duration date timezone
  first last get take keys values toPairs fromPairs reverse uniq concat flatten sort
  bitand bitor bitxor bitnand bitshl bitshr bitushr bitnot`.split(/\s+/)
);

/** Name of the template of a job or group. A name that has to be cut gets a hash, so that two stay apart. */
export function templateName(job: string): string {
  if (job.length <= MAX_NAME) return job;
  return `${job.slice(0, MAX_NAME - 9)}-${fnv1a(job)}`;
}

/** Name of the task of a job or group: the template's, unless `depends` could not say it. */
export function taskName(job: string, taken: ReadonlySet<string>): string {
  const name = templateName(job);
  if (!RESERVED.has(name)) return name;
  let free = `${name}-job`;
  while (taken.has(free)) free += '-job';
  return free;
}

/** What the file calls a job: copies have one name there. */
export function nameInFile({ name, group = name }: Pick<PlanJob, 'name' | 'group'>): string {
  return group;
}

/** A node of `status.nodes` of a Workflow, as much of it as is needed here. */
export interface NodeName {
  readonly name: string;
  readonly templateName?: string;
}

export interface JobOfNode {
  /** Name of the job in the plan; of a node that stands for all copies, the group's. */
  readonly job: string;
  /** From 0, when the node is one attempt of a job that is retried. */
  readonly attempt?: number;
}

/**
 * The job of the plan that a node of a run is about: `train-3` of `small-x7k2p.train(3:copy:3)(1)`.
 * @returns undefined for a node of no job, e.g. the graph itself
 */
export function jobOfNode(workflow: Pick<Workflow, 'spec'>, node: NodeName): JobOfNode | undefined {
  if (node.templateName === undefined || node.templateName === DAG) return undefined;
  const template = templatesOf(workflow).find(({ name }) => name === node.templateName);
  const { container, script } = template ?? {};
  if ((container ?? script) === undefined) return undefined;
  const variable = (container ?? script)?.env?.find(({ name }) => name === 'JUPYTERFLOW_JOB')?.value;
  const name = variable ?? node.templateName;
  const item = /^[^(]*\((\d+):/.exec(node.name)?.[1];
  const attempt = /\((\d+)\)$/.exec(node.name)?.[1];
  return {
    job: item === undefined ? name.replace(/-\{\{.*$/, '') : name.replace(/\{\{.*$/, item),
    ...(attempt === undefined ? {} : { attempt: Number(attempt) })
  };
}

function templatesOf({ spec }: Pick<Workflow, 'spec'>): readonly TemplateNames[] {
  return (spec as { readonly templates?: readonly TemplateNames[] }).templates ?? [];
}

interface TemplateNames {
  readonly name: string;
  readonly container?: { readonly env?: readonly { readonly name: string; readonly value?: string }[] };
  readonly script?: TemplateNames['container'];
}
