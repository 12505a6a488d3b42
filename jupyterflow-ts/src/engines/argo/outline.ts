import { defined } from './defined.js';
import type { Container, DagTask, Template, WorkflowSpec } from './objects.js';
import type { JobFacts } from './reasons.js';

/** A job as the manifest of a run has it. */
export interface JobOutline {
  /** Of the task in Argo's DAG. */
  readonly task: string;
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
  return tasks.map(task => {
    const template = task.template ?? '';
    const copies = task.withParam === undefined ? task.withItems?.length : 'dynamic';
    const facts = factsOf(templates.get(template), spec);
    return defined({ task: task.name, template, dependsOn: parentsOf(task), copies, facts });
  });
}

/** What the exit handler is, when there is one. */
export function exitOutlineOf(spec: WorkflowSpec): JobOutline | undefined {
  const { onExit, templates = [] } = spec;
  if (onExit === undefined) return undefined;
  const template = templates.find(({ name }) => name === onExit);
  return { task: onExit, template: onExit, dependsOn: [], facts: factsOf(template, spec) };
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
    deadline: activeDeadlineSeconds
  });
}

function containerOf(template: Partial<Template> | undefined): Container | undefined {
  return template?.container ?? template?.script;
}

/** Names in `dependencies`, or in the expression `depends`: `a && (b.Failed || b.Errored)`. */
function parentsOf({ dependencies, depends }: DagTask): readonly string[] {
  if (dependencies !== undefined) return dependencies;
  return [...new Set((depends ?? '').match(/(?<![-.\w])[A-Za-z0-9_][-\w]*/g) ?? [])];
}
