import type { Signal } from '../local/signal.js';
import { EngineError, type LogOptions } from '../engine.js';
import { earlierAttempts } from './attempts.js';
import { pathOf, type KubernetesClient } from './api/client.js';
import { linesOf } from './api/lines.js';
import { KubernetesError } from './api/problem.js';

import { attemptsOf, nodesOf } from './nodes.js';
import type { NodeStatus, WorkflowObject } from './objects.js';
import { podName } from './pod-name.js';
import { jobNodesOf } from './status.js';

/** The run as it is while its log is read. */
export interface SeenWorkflow {
  readonly workflow: WorkflowObject;
  /** Notified after each change, and when `ended` becomes true. */
  readonly changed: Signal;
  /** It will not change any more. */
  readonly ended: boolean;
}

type FollowOptions = LogOptions & { readonly signal: AbortSignal };

/** Longest wait before the stream of a log that broke off is opened again, in milliseconds. */
const REOPEN_MS = 1000;

/** What a job wrote, from the pods of its attempts. */
export async function* readLog(
  client: KubernetesClient,
  seen: SeenWorkflow,
  job: string,
  options: FollowOptions
): AsyncGenerator<string> {
  const { follow, signal } = options;
  const isOver = (): boolean => signal.aborted;
  // The pods of attempts before a retry of the run are gone.
  const before = earlierAttempts(seen.workflow).get(job) ?? 0;
  if (options.attempt !== undefined && options.attempt <= before)
    throw new EngineError('LOG_GONE', `the log of attempt ${options.attempt} of ${job} went when the run was retried`);
  let number =
    options.attempt === undefined ? Math.max(1, attemptsIn(seen, job).attempts.length) : options.attempt - before;
  for (let tail = options.tail; !isOver(); tail = undefined) {
    yield* readAttempt(client, seen, job, number, { ...options, tail: tail ?? Infinity });
    const goesOn = (): boolean => attemptsIn(seen, job).attempts.length > number;
    while (follow && !goesOn() && !isDone(seen, job) && !isOver()) await seen.changed.next(signal);
    if (!follow || options.attempt !== undefined || !goesOn()) return;
    number += 1;
  }
}

async function* readAttempt(
  client: KubernetesClient,
  seen: SeenWorkflow,
  job: string,
  number: number,
  { follow = false, tail, signal }: FollowOptions
): AsyncGenerator<string> {
  const position: Position = {};
  while (!signal.aborted) {
    const before = seen.workflow;
    const { attempts, template } = attemptsIn(seen, job);
    const node = attempts[number - 1];
    const isGoing = node === undefined ? !isDone(seen, job) : !isFinished(node);
    if (node !== undefined) {
      const pod = podName(seen.workflow.metadata.name, node.name, node.templateName ?? template);
      const isAll = yield* readPod(client, seen.workflow, pod, { follow, isGoing, tail, signal, position });
      if (isAll) return;
    }
    if (!follow || !isGoing) return;
    // Whether the container has ended is known when Argo has seen it.
    if (seen.workflow === before) await seen.changed.next(AbortSignal.any([signal, AbortSignal.timeout(REOPEN_MS)]));
  }
}

/** How far a log was read, to go on behind it when the connection breaks. */
interface Position {
  /** RFC 3339 time of the last line. */
  time?: string;
}

interface PodLogOptions {
  readonly follow: boolean;
  readonly isGoing: boolean;
  readonly tail: number | undefined;
  readonly signal: AbortSignal;
  readonly position: Position;
}

/** The log of one pod from `position` on; returns true when all of it is read. */
async function* readPod(
  client: KubernetesClient,
  { metadata: { namespace = client.namespace } }: WorkflowObject,
  pod: string,
  { follow, isGoing, tail, signal, position }: PodLogOptions
): AsyncGenerator<string, boolean> {
  const tailLines = tail === undefined || tail === Infinity || position.time !== undefined ? undefined : tail;
  const query = {
    container: 'main',
    tailLines,
    ...(follow ? { follow: true, timestamps: true, sinceTime: position.time } : {})
  };
  const path = pathOf('api', 'v1', 'namespaces', namespace, 'pods', pod, 'log');
  try {
    const parts = client.stream({ path, query, signal });
    yield* follow ? withoutTimes(parts, position) : parts;
    return !isGoing;
  } catch (error) {
    if (signal.aborted) return true;
    return !waitsFor(error, pod, { follow, isGoing, hasBegun: position.time !== undefined });
  }
}

/** Whether a log that could not be read may come later; throws when it is gone or can't be had. */
function waitsFor(
  error: unknown,
  pod: string,
  { follow, isGoing, hasBegun }: { readonly follow: boolean; readonly isGoing: boolean; readonly hasBegun: boolean }
): boolean {
  if (!(error instanceof KubernetesError)) throw error;
  const isAbsent = error.code === 'NOT_FOUND' || error.code === 'INVALID';
  // The container waits for its node, its image or its volumes.
  if (isGoing && isAbsent) return true;
  if (isGoing && follow && ['UNREACHABLE', 'BUSY'].includes(error.code)) return true;
  if (!isAbsent) throw error;
  if (error.code === 'INVALID' || hasBegun) return false;
  throw new EngineError('LOG_GONE', `the pod ${pod} was removed from the cluster, and its log with it`);
}

/** Cuts the times off that lines begin with, and leaves out lines that were read before. */
async function* withoutTimes(parts: AsyncIterable<string>, position: Position): AsyncGenerator<string> {
  const before = position.time;
  for await (const line of linesOf(parts)) {
    const [, time = '', text = ''] = /^(\S*) ?(.*)$/s.exec(line) ?? [];
    if (before !== undefined && !isLater(time, before)) continue;
    position.time = time;
    yield text;
  }
}

/** RFC 3339 times in UTC; their fractions have up to nine digits, without zeros at the end. */
function isLater(time: string, than: string): boolean {
  const [left, right] = [time, than].map(text => {
    const [seconds = '', fraction = ''] = text.replace('Z', '').split('.');
    return `${seconds}.${fraction.padEnd(9, '0')}`;
  });
  return (left ?? '') > (right ?? '');
}

function attemptsIn(
  { workflow }: SeenWorkflow,
  job: string
): { readonly attempts: readonly NodeStatus[]; readonly template: string; readonly node: NodeStatus | undefined } {
  const nodes = nodesOf(workflow.status);
  const found = jobNodesOf(workflow, nodes).find(({ name }) => name === job);
  if (found === undefined) throw new EngineError('UNKNOWN_JOB', `the run ${workflow.metadata.name} has no job ${job}`);
  const { node, outline } = found;
  return { attempts: node === undefined ? [] : attemptsOf(node, nodes), template: outline.template, node };
}

function isDone(seen: SeenWorkflow, job: string): boolean {
  const { node } = attemptsIn(seen, job);
  return seen.ended || (node !== undefined && isFinished(node));
}

function isFinished({ phase }: NodeStatus): boolean {
  return phase !== undefined && phase !== 'Pending' && phase !== 'Running';
}
