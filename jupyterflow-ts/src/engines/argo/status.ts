import type { JobState, RunState } from '@jupyterflow/schema';
import type { EngineJob, EngineRun } from '../engine.js';
import { earlierAttempts } from './attempts.js';
import { defined } from './defined.js';
import { ANNOTATION } from './marks.js';
import { attemptsOf, itemsOf, nodesOf, type Nodes } from './nodes.js';
import type { NodeStatus, WorkflowObject, WorkflowSpec } from './objects.js';
import { exitOutlineOf, outlineOf, type JobOutline } from './outline.js';
import { deadlinePassed, exitCodeIn, inPlainWords, OUTPUT_MISSING } from './reasons.js';

/** Longest reason that is shown; some messages of a cluster hold whole logs. */
const MAX_REASON = 1000;
const JOB_STATES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted'] as const;

/** A job and where its pods are. */
export interface JobNode {
  readonly name: string;
  readonly group?: string;
  readonly outline: JobOutline;
  /** Absent: Argo has not come to it. */
  readonly node?: NodeStatus;
}

/** A Workflow as the run that it is. */
export function runOf(workflow: WorkflowObject): EngineRun {
  const { metadata, status } = workflow;
  const nodes = nodesOf(status);
  const phase = runStateOf(status?.phase);
  const isOver = phase !== 'Pending' && phase !== 'Running';
  const stopped = metadata.annotations?.[ANNOTATION.stopReason];
  const circumstances = { isOver, stopped, earlier: earlierAttempts(workflow) };
  const jobs = withOmissions(
    jobNodesOf(workflow, nodes).map(job => jobOf(job, nodes, circumstances)),
    workflow.spec,
    isOver
  );
  const state = stateOf(phase, stopped);
  const startedAt =
    timeOf(metadata.annotations?.[ANNOTATION.startedAt]) ??
    timeOf(status?.startedAt) ??
    timeOf(metadata.creationTimestamp) ??
    0;
  return defined({
    id: metadata.name,
    state,
    reason: state === 'Succeeded' ? undefined : reasonOf(workflow, nodes, jobs, stopped)?.slice(0, MAX_REASON),
    startedAt,
    finishedAt: isOver ? (timeOf(status?.finishedAt) ?? startedAt) : undefined,
    jobs
  });
}

function stateOf(phase: RunState, stopped: string | undefined): RunState {
  return phase === 'Failed' && stopped !== undefined ? 'Error' : phase;
}

/** The jobs of a run in the order of its plan, `onExit` last, each with its node. */
export function jobNodesOf({ metadata, spec }: WorkflowObject, nodes: Nodes): readonly JobNode[] {
  const jobs = outlineOf(spec).flatMap(outline =>
    copiesOf(outline, nodes.byName.get(`${metadata.name}.${outline.node}`), nodes)
  );
  const exit = exitOutlineOf(spec);
  if (exit === undefined) return jobs;
  const node = nodes.byName.get(`${metadata.name}.${exit.node}`);
  return [...jobs, defined({ name: exit.name, outline: exit, node })];
}

function copiesOf(outline: JobOutline, node: NodeStatus | undefined, nodes: Nodes): readonly JobNode[] {
  const { name, group, copies } = outline;
  if (copies === undefined) return [defined({ name, group, outline, node })];
  const items = node === undefined ? new Map<number, NodeStatus>() : itemsOf(node, nodes);
  const count = copies === 'dynamic' ? Math.max(0, ...[...items.keys()].map(place => place + 1)) : copies;
  if (count === 0) return [defined({ name, outline, node })];
  // A group that was skipped or could not be expanded stands for all of its copies.
  const whole = node?.type === 'TaskGroup' && items.size > 0 ? undefined : node;
  return Array.from({ length: count }, (_, place) =>
    defined({ name: `${name}-${place}`, group: name, outline, node: items.get(place) ?? whole })
  );
}

interface Circumstances {
  readonly isOver: boolean;
  readonly stopped: string | undefined;
  /** Attempts before the last retry of the run. */
  readonly earlier: ReadonlyMap<string, number>;
}

function jobOf({ name, group, outline, node }: JobNode, nodes: Nodes, circumstances: Circumstances): EngineJob {
  const { dependsOn } = outline;
  const before = circumstances.earlier.get(name) ?? 0;
  if (node === undefined)
    return defined({ name, group, dependsOn, phase: circumstances.isOver ? 'Omitted' : 'Pending', attempts: before });
  const attempts = attemptsOf(node, nodes);
  const last = attempts.at(-1) ?? node;
  const { phase, reason } = judge(node, last, outline, circumstances.stopped);
  const begun = attempts.filter(attempt => attempt.phase !== 'Pending').length;
  const isGoing = phase === 'Pending' || phase === 'Running';
  return defined({
    name,
    group,
    dependsOn,
    phase,
    reason: reason?.slice(0, MAX_REASON),
    exitCode: exitCodeOf(last, phase),
    startedAt: begun === 0 ? undefined : timeOf(node.startedAt),
    finishedAt: isGoing ? undefined : timeOf(node.finishedAt),
    attempts: before + begun,
    outputs: phase === 'Succeeded' ? outputsOf(node, last) : undefined,
    cached: phase === 'Succeeded' && node.memoizationStatus?.hit === true ? true : undefined
  });
}

function judge(
  node: NodeStatus,
  last: NodeStatus,
  { facts, copies }: JobOutline,
  stopped: string | undefined
): { readonly phase: JobState; readonly reason?: string | undefined } {
  const message = messageOf(node, last);
  if (stopped !== undefined && /^workflow shutdown|^Stopped with strategy/.test(message ?? ''))
    return { phase: 'Error', reason: stopped };
  const phase = phaseOf(node, last);
  if (message === undefined || phase === 'Succeeded' || phase === 'Omitted') return { phase };
  // Its message holds the whole expression that makes the items.
  const isUnknownList = phase === 'Error' && copies === 'dynamic' && node.type === 'Skipped';
  return { phase, reason: isUnknownList ? 'what foreach goes over is no JSON list' : inPlainWords(message, facts) };
}

/** The message that says most: of the last attempt, not that there is none left. */
function messageOf(node: NodeStatus, last: NodeStatus): string | undefined {
  const isWaiting = node.phase === 'Running' && isBad(last);
  const own = node.message ?? '';
  const message = isWaiting || /^Max duration/.test(own) ? own || last.message : last.message || own;
  return message === '' ? undefined : message;
}

function phaseOf(node: NodeStatus, last: NodeStatus): JobState {
  const phase = JOB_STATES.find(state => state === node.phase) ?? 'Pending';
  // Between two attempts, and while the pod of an attempt waits for its node.
  if (phase === 'Running' && last !== node && last.phase !== 'Running') return 'Pending';
  return phase;
}

function exitCodeOf({ outputs, message, type }: NodeStatus, phase: JobState): number | undefined {
  const told = exitCodeIn(message ?? '');
  if (told !== undefined) return told;
  const text = outputs?.exitCode;
  if (text !== undefined && /^\d{1,3}$/.test(text)) return Number(text);
  const isDone = phase === 'Succeeded' || OUTPUT_MISSING.test(message ?? '');
  return isDone && type === 'Pod' ? 0 : undefined;
}

function outputsOf(node: NodeStatus, last: NodeStatus): Readonly<Record<string, string>> | undefined {
  const parameters = node.outputs?.parameters ?? last.outputs?.parameters ?? [];
  if (parameters.length === 0) return undefined;
  return Object.fromEntries(parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** Jobs that will never begin are Omitted before Argo says so, and each names the job that is to blame. */
function withOmissions(jobs: readonly EngineJob[], spec: WorkflowSpec, isOver: boolean): readonly EngineJob[] {
  const first = jobs.find(isBad);
  if (first === undefined) return jobs;
  const barred = barredJobs(spec);
  const notDone = new Set(jobs.flatMap(job => (isBad(job) || job.phase === 'Omitted' ? namesOf(job) : [])));
  return jobs.map(job => {
    const neverBegins =
      job.phase === 'Pending' && job.startedAt === undefined && namesOf(job).some(name => barred.has(name));
    if (job.phase !== 'Omitted' && !neverBegins) return job;
    const parent = job.dependsOn.find(name => notDone.has(name));
    if (parent === undefined && !isOver && !neverBegins) return job;
    const reason = parent === undefined ? `${first.name} failed` : `${parent} did not succeed`;
    return { ...job, phase: 'Omitted', reason };
  });
}

/** Jobs and groups that failFast keeps from beginning after a failure: all that do not ask for another end than success. */
function barredJobs(spec: WorkflowSpec): ReadonlySet<string> {
  const dag = (spec.templates ?? []).find(({ name }) => name === spec.entrypoint)?.dag;
  if (dag === undefined || dag.failFast === false) return new Set();
  const asks = (dag.tasks ?? []).filter(({ depends = '' }) => /\.(?:Failed|Errored|Omitted)\b/.test(depends));
  const nodes = new Set(asks.map(({ name }) => name));
  return new Set(outlineOf(spec).flatMap(({ name, node }) => (nodes.has(node) ? [] : [name])));
}

function namesOf({ name, group }: EngineJob): readonly string[] {
  return group === undefined ? [name] : [name, group];
}

function reasonOf(
  { spec, status }: WorkflowObject,
  nodes: Nodes,
  jobs: readonly EngineJob[],
  stopped: string | undefined
): string | undefined {
  if (nodes.elsewhere) return 'Argo keeps the state of the jobs where this program does not see it; see the Argo UI';
  if (status?.finishedAt == null) return status?.phase === 'Pending' ? words(status.message) : undefined;
  if (stopped !== undefined) return stopped;
  const isLate = [...nodes.byName.values()].some(({ message }) => /^Step exceeded its deadline/.test(message ?? ''));
  if (isLate) return deadlinePassed(spec.activeDeadlineSeconds) ?? words(status.message);
  const worst = jobs.find(({ phase }) => phase === 'Error') ?? jobs.find(({ phase }) => phase === 'Failed');
  if (worst === undefined) return words(status.message);
  return `job ${worst.name}: ${worst.reason ?? worst.phase}`;
}

function words(message: string | undefined): string | undefined {
  return message === undefined || message === '' ? undefined : inPlainWords(message);
}

function runStateOf(phase: string | undefined): RunState {
  return (['Running', 'Succeeded', 'Failed', 'Error'] as const).find(state => state === phase) ?? 'Pending';
}

function isBad({ phase }: { readonly phase?: string }): boolean {
  return phase === 'Failed' || phase === 'Error';
}

function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
