import { defined } from './defined.js';
import { LABEL } from './marks.js';
import type { Container, DagTask, Template, WorkflowSpec } from './objects.js';
import type { JobFacts } from './reasons.js';

/** A job as the manifest of a run has it. */
export interface JobOutline {
  /** Of the job, or of the group that the task stands for. */
  readonly name: string;
  /** The job of the file that this is a copy of, when the copies are tasks of their own. */
  readonly group?: string;
  /** Name of the node of the task, without the workflow's: `train` of `<workflow>.train`. */
  readonly node: string;
  readonly template: string;
  /** Names of jobs and of groups. */
  readonly dependsOn: readonly string[];
  /** How many copies the task stands for; 'dynamic' when that is known only while the run goes. Absent: it is one job. */
  readonly copies?: number | 'dynamic';
  readonly facts: JobFacts;
}

/** The jobs of a run in the order of its plan, without `onExit`. */
export function outlineOf(spec: WorkflowSpec): readonly JobOutline[] {
  const templates = new Map((spec.templates ?? []).map(template => [template.name, template]));
  const tasks = templates.get(spec.entrypoint ?? '')?.dag?.tasks ?? [];
  const names = new Map(tasks.map(task => [task.name, jobName(task, templates.get(task.template ?? ''))]));
  return tasks.map(task => {
    const template = templates.get(task.template ?? '');
    const name = names.get(task.name) ?? task.name;
    return defined({
      name,
      group: groupOf(name, template),
      node: task.name,
      template: task.template ?? '',
      dependsOn: parentsOf(task).map(parent => names.get(parent) ?? parent),
      copies: task.withParam === undefined ? task.withItems?.length : 'dynamic',
      facts: factsOf(template, spec)
    });
  });
}

/** What the exit handler is, when there is one; with a condition it is the one step of a template of its own. */
export function exitOutlineOf(spec: WorkflowSpec): JobOutline | undefined {
  const { onExit, templates = [] } = spec;
  if (onExit === undefined) return undefined;
  const find = (name: string): Template | undefined => templates.find(template => template.name === name);
  const step = find(onExit)?.steps?.[0]?.[0];
  const template = step?.template ?? onExit;
  const node = step === undefined ? 'onExit' : `onExit[0].${step.name}`;
  return { name: template, node, template, dependsOn: [], facts: factsOf(find(template), spec) };
}

/** A template says of which job it is; one that stands for several copies has a tag for the number. */
function jobName({ name }: DagTask, template: Template | undefined): string {
  const variable = containerOf(template)?.env?.find(one => one.name === 'JUPYTERFLOW_JOB')?.value;
  return variable?.replace(/-\{\{.*$/s, '') ?? name;
}

function groupOf(job: string, template: Template | undefined): string | undefined {
  const isCopy = template?.metadata?.labels?.[LABEL.group] !== undefined;
  return isCopy ? job.replace(/-\d+$/, '') : undefined;
}

function factsOf(template: Template | undefined, { templateDefaults, activeDeadlineSeconds }: WorkflowSpec): JobFacts {
  const container = containerOf(template);
  const resources = container?.resources ?? containerOf(templateDefaults)?.resources;
  const memory = resources?.limits?.['memory'];
  const timeout = Number(template?.activeDeadlineSeconds);
  return defined({
    image: container?.image,
    memory: memory === undefined ? undefined : String(memory),
    timeout: Number.isFinite(timeout) ? timeout : undefined,
    longest: template?.retryStrategy?.backoff?.maxDuration,
    outputs: outputPaths(template),
    deadline: activeDeadlineSeconds
  });
}

function outputPaths(template: Template | undefined): ReadonlyMap<string, string> {
  const parameters = template?.outputs?.parameters ?? [];
  return new Map(parameters.map(({ name, valueFrom }) => [valueFrom?.path ?? '', name]));
}

function containerOf(template: Partial<Template> | undefined): Container | undefined {
  return template?.container ?? template?.script;
}

/** Names in `dependencies`, or in the expression `depends`: `a && (b.Failed || b.Errored)`. */
function parentsOf({ dependencies, depends }: DagTask): readonly string[] {
  if (dependencies !== undefined) return dependencies;
  return [...new Set((depends ?? '').match(/(?<![-.\w])[A-Za-z0-9_][-\w]*/g) ?? [])];
}
