import { EngineError, type EngineJob } from '../engine.js';
import { earlierAttempts } from './attempts.js';
import { ANNOTATION } from './marks.js';
import { attemptsOf, nodesOf, type Nodes } from './nodes.js';
import type { NodeStatus, ObjectMeta, Template, WorkflowObject, WorkflowSpec } from './objects.js';
import { outlineOf } from './outline.js';
import { podName } from './pod-name.js';
import { jobNodesOf, runOf } from './status.js';

export interface ResetOptions {
  /** Jobs and groups that run again though they Succeeded, with all that depends on them. */
  readonly from: readonly string[];
  /** What the run is to do from now on; jobs that differ run again. Default: what it did. */
  readonly spec?: WorkflowSpec;
}

export interface Reset {
  /** To be put in the place of the one that was read. */
  readonly workflow: WorkflowObject;
  /** To be deleted before: a pod that is there would be taken for the new one. */
  readonly pods: readonly string[];
}

/** Labels by which the controller leaves a Workflow alone (workflow/common/common.go). */
const COMPLETED = ['workflows.argoproj.io/completed', 'workflows.argoproj.io/workflow-archiving-status'];
const PHASE = 'workflows.argoproj.io/phase';

/**
 * A finished Workflow as it must be to go on: nodes of jobs that are done stay with their outputs, those of the others are
 * taken away (workflow/util/util.go, FormulateRetryWorkflow).
 * @param now milliseconds since the epoch; the deadline of the run counts from here
 * @throws EngineError RUN_ACTIVE, RUN_SUCCEEDED, UNKNOWN_JOB
 */
export function resetOf(workflow: WorkflowObject, { from, spec = workflow.spec }: ResetOptions, now: number): Reset {
  const run = runOf(workflow);
  const nodes = nodesOf(workflow.status);
  if (run.finishedAt === undefined) throw new EngineError('RUN_ACTIVE', `the run ${run.id} is going`);
  if (nodes.elsewhere)
    throw new EngineError(
      'INVALID_SUBMISSION',
      `Argo keeps the state of the jobs of ${run.id} elsewhere; use \`argo retry\``
    );
  const [before, after] = [workflow.spec, spec].map(of =>
    outlineOf(of)
      .map(({ name }) => name)
      .sort()
  );
  if (JSON.stringify(before) !== JSON.stringify(after))
    throw new EngineError('INVALID_SUBMISSION', `the run ${run.id} has other jobs`);
  const again = jobsAgain(workflow, run.jobs, from, changedJobs(workflow.spec, spec));
  if (run.state === 'Succeeded' && again.size === 0)
    throw new EngineError('RUN_SUCCEEDED', `the run ${run.id} succeeded; name the jobs that are to run again`);
  const gone = nodesGone(workflow, nodes, again);
  const attempts = new Map(earlierAttempts(workflow));
  for (const { name, attempts: count } of run.jobs) if (again.has(name) && count > 0) attempts.set(name, count);
  const exit = run.jobs.at(-1);
  if (spec.onExit !== undefined && exit !== undefined) attempts.set(exit.name, exit.attempts);
  return {
    pods: [...gone].flatMap(id => podOf(workflow, nodes.byId.get(id))),
    workflow: {
      ...workflow,
      metadata: metadataAfter(workflow.metadata, attempts, run.startedAt),
      spec: withAttempts(omit(spec, 'shutdown'), attempts),
      status: {
        ...omit(workflow.status ?? {}, 'compressedNodes', 'message'),
        phase: 'Running',
        startedAt: new Date(now).toISOString(),
        finishedAt: null,
        nodes: nodesAfter(workflow, nodes, gone)
      }
    }
  };
}

/** Names of the jobs that run again: what is not done, what is named, what changed, and all that depends on those. */
function jobsAgain(
  workflow: WorkflowObject,
  jobs: readonly EngineJob[],
  from: readonly string[],
  changed: ReadonlySet<string>
): ReadonlySet<string> {
  const { onExit } = workflow.spec;
  const inDag = onExit === undefined ? jobs : jobs.slice(0, -1);
  const namesOf = ({ name, group }: EngineJob): readonly string[] => (group === undefined ? [name] : [name, group]);
  const unknown = from.find(name => !inDag.some(job => namesOf(job).includes(name)));
  if (unknown !== undefined) throw new EngineError('UNKNOWN_JOB', `the run has no job ${unknown}`);
  const dependents = new Map<string, EngineJob[]>();
  for (const job of inDag)
    for (const parent of job.dependsOn) dependents.set(parent, [...(dependents.get(parent) ?? []), job]);
  const isAgain = (job: EngineJob): boolean =>
    (job.phase !== 'Succeeded' && job.phase !== 'Skipped') ||
    namesOf(job).some(name => from.includes(name) || changed.has(name));
  const again = new Map(inDag.filter(isAgain).map(job => [job.name, job]));
  // A Map is walked in the order of insertion, also what is added meanwhile.
  for (const job of again.values())
    for (const name of namesOf(job))
      for (const dependent of dependents.get(name) ?? []) again.set(dependent.name, dependent);
  return new Set(again.keys());
}

/** Jobs and groups that do something else than before; how long and how often they may is no such thing. */
function changedJobs(before: WorkflowSpec, after: WorkflowSpec): ReadonlySet<string> {
  if (before === after) return new Set();
  const [old, now] = [actionsOf(before), actionsOf(after)];
  return new Set([...now].flatMap(([name, action]) => (old.get(name) === action ? [] : [name])));
}

function actionsOf(spec: WorkflowSpec): ReadonlyMap<string, string> {
  const templates = new Map((spec.templates ?? []).map(template => [template.name, template]));
  const tasks = new Map((templates.get(spec.entrypoint ?? '')?.dag?.tasks ?? []).map(task => [task.name, task]));
  return new Map(
    outlineOf(spec).map(({ name, node, template }) => {
      const task = omit(tasks.get(node) ?? {}, 'dependencies', 'depends');
      const action = omit(templates.get(template) ?? {}, 'activeDeadlineSeconds', 'retryStrategy');
      return [name, withoutAttempt(JSON.stringify([task, action]))];
    })
  );
}

/** The number of the attempt is not what a job does. */
function withoutAttempt(json: string): string {
  return json.replace(/\{"name":"JUPYTERFLOW_ATTEMPT","value":"[^"]*"\},?/g, '');
}

/** Ids of the nodes that are taken away. */
function nodesGone(workflow: WorkflowObject, nodes: Nodes, again: ReadonlySet<string>): ReadonlySet<string> {
  const gone = new Set<string>();
  const jobs = jobNodesOf(workflow, nodes);
  const kept = new Set(jobs.filter(({ name }) => !again.has(name)).flatMap(({ group }) => group ?? []));
  for (const { name, group, node, outline } of jobs) {
    if (!again.has(name)) continue;
    for (const one of node === undefined ? [] : [node, ...attemptsOf(node, nodes)]) gone.add(one.id);
    const whole = nodes.byName.get(`${workflow.metadata.name}.${outline.node}`);
    if (group !== undefined && !kept.has(group) && whole !== undefined) gone.add(whole.id);
  }
  const exit = `${workflow.metadata.name}.onExit`;
  for (const { name, id } of nodes.byId.values())
    if (name === exit || name.startsWith(`${exit}[`) || name.startsWith(`${exit}(`)) gone.add(id);
  return gone;
}

/** What stays; groups of which a part was taken away go on. */
function nodesAfter(
  { metadata }: WorkflowObject,
  nodes: Nodes,
  gone: ReadonlySet<string>
): Readonly<Record<string, NodeStatus>> {
  const left = [...nodes.byId].filter(([id]) => !gone.has(id));
  return Object.fromEntries(
    left.map(([id, node]): [string, NodeStatus] => {
      const children = node.children?.filter(child => !gone.has(child));
      const lost = children?.length !== node.children?.length;
      const isOpen = node.name === metadata.name || (node.type === 'TaskGroup' && lost);
      const { finishedAt, message, phase, ...rest } = node;
      const state = isOpen ? { phase: 'Running', finishedAt: null } : { phase, finishedAt, message };
      return [id, JSON.parse(JSON.stringify({ ...rest, ...state, children })) as NodeStatus];
    })
  );
}

function podOf({ metadata }: WorkflowObject, node: NodeStatus | undefined): readonly string[] {
  if (node?.type !== 'Pod' || node.templateName === undefined) return [];
  return [podName(metadata.name, node.name, node.templateName)];
}

function metadataAfter(metadata: ObjectMeta, attempts: ReadonlyMap<string, number>, startedAt: number): ObjectMeta {
  return {
    ...metadata,
    labels: { ...omit(metadata.labels ?? {}, ...COMPLETED), [PHASE]: 'Running' },
    annotations: {
      ...omit(metadata.annotations ?? {}, ANNOTATION.stopReason),
      [ANNOTATION.startedAt]: new Date(startedAt).toISOString(),
      [ANNOTATION.attempts]: JSON.stringify(Object.fromEntries(attempts))
    }
  };
}

function omit<T extends object>(from: T, ...keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key))) as T;
}

/** Jobs go on counting their attempts. Copies that are one template count from the one that was tried most. */
function withAttempts(spec: WorkflowSpec, attempts: ReadonlyMap<string, number>): WorkflowSpec {
  const counts = new Map<string, number>();
  for (const { name, template, copies } of outlineOf(spec)) {
    const own = copies === undefined ? [name] : [...attempts.keys()].filter(job => isCopyOf(job, name));
    counts.set(template, Math.max(0, ...own.map(job => attempts.get(job) ?? 0)));
  }
  if (spec.onExit !== undefined) counts.set(spec.onExit, attempts.get(spec.onExit) ?? 0);
  const templates = (spec.templates ?? []).map(template => counted(template, counts.get(template.name) ?? 0));
  return { ...spec, templates };
}

function isCopyOf(job: string, group: string): boolean {
  return job.startsWith(`${group}-`) && /^\d+$/.test(job.slice(group.length + 1));
}

function counted(template: Template, count: number): Template {
  const kind = template.container === undefined ? 'script' : 'container';
  const container = template[kind];
  if (count === 0 || container === undefined) return template;
  const value = template.retryStrategy === undefined ? String(count + 1) : `{{=int(retries) + ${count + 1}}}`;
  const others = (container.env ?? []).filter(({ name }) => name !== 'JUPYTERFLOW_ATTEMPT');
  return { ...template, [kind]: { ...container, env: [{ name: 'JUPYTERFLOW_ATTEMPT', value }, ...others] } };
}
