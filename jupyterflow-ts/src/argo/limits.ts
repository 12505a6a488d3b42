import type { PlanJob } from '../plan/plan.js';
import { optional, type ArgoProblem, type Json } from './manifest.js';
import { nameInFile } from './names.js';

/** How often and how long a job may run, as fields of a template. */
export function limitsOf(job: PlanJob): Json {
  const { queueTimeout } = job;
  const attempt = attemptLimit(job);
  const pending = queueTimeout === undefined || attempt === undefined ? undefined : queueTimeout + attempt;
  return {
    ...retryStrategyOf(job),
    ...optional('activeDeadlineSeconds', attempt),
    // Argo's `timeout` counts from when the pod is made, so it holds the wait and the attempt.
    ...optional('timeout', pending === undefined ? undefined : duration(Math.ceil(pending)))
  };
}

/** Argo limits the wait for a start only together with the attempt itself. */
export function limitProblems(job: PlanJob): readonly ArgoProblem[] {
  if (job.queueTimeout === undefined || attemptLimit(job) !== undefined) return [];
  return [
    {
      id: 'argo-queue-timeout',
      severity: 'error',
      message: `Argo can't limit how long \`${nameInFile(job)}\` waits for its start, for it has a \`queueTimeout\` and no \`timeout\``,
      hint: 'Give it a `timeout`, the longest time of one attempt.',
      job: job.name,
      path: ['queueTimeout']
    }
  ];
}

/** Argo counts in whole seconds; nobody gets less time than asked for. */
export function wholeSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds));
}

function attemptLimit({ timeout, walltime }: PlanJob): number | undefined {
  return wholeSeconds(timeout === undefined ? walltime : Math.min(timeout, walltime ?? timeout));
}

const POLICIES = { failure: 'OnFailure', error: 'OnError', always: 'Always' } as const;

function retryStrategyOf({ retries, retry = {}, walltime }: PlanJob): Json {
  if (retries === 0) return {};
  const longest = Math.min(retry.max ?? Infinity, walltime ?? Infinity);
  const paused = retry.backoff !== undefined || Number.isFinite(longest);
  const backoff = {
    // Argo wants one wherever there is a longest time.
    duration: duration(retry.backoff ?? 0),
    ...optional('factor', retry.factor === undefined ? undefined : Math.max(1, Math.ceil(retry.factor))),
    ...optional('maxDuration', Number.isFinite(longest) ? duration(longest) : undefined)
  };
  return {
    retryStrategy: { limit: retries, retryPolicy: POLICIES[retry.on ?? 'failure'], ...(paused ? { backoff } : {}) }
  };
}

/** A duration as Go reads it (pkg.go.dev/time#ParseDuration), e.g. `90s`. */
function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.ceil(seconds * 1000)}ms`;
}
