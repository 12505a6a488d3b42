import type { JobState } from '@jupyterflow/schema';
import type { PlanJob } from '../../plan/plan.js';
import type { EngineJob } from '../engine.js';
import { describeExit } from './exit-code.js';
import type { AttemptEnd } from './sandbox.js';
import { inWords } from './timer.js';

/** How an attempt ended, with the values that it left, or why they are not there. */
export type JobEnd = AttemptEnd & { readonly outputs?: EngineJob['outputs']; readonly missing?: string };

/** How an attempt went wrong: by the job's own doing, or by the place's. */
export interface Trouble {
  readonly kind: 'failure' | 'error';
  readonly reason: string;
}

/** The attempts of a job until now. */
export interface Attempts {
  readonly count: number;
  /** Milliseconds since the first of them began. */
  readonly since: number;
}

/** A further attempt after so many milliseconds, or the end of the job. */
export type Verdict =
  | { readonly again: number; readonly reason: string }
  | { readonly phase: Extract<JobState, 'Failed' | 'Error'>; readonly reason: string };

/** Undefined when the attempt went well. As in Argo, an output that can't be kept is an error, though the job did its work. */
export function troubleOf(end: JobEnd, timedOut: string | undefined): Trouble | undefined {
  if (end.kind === 'error') return { kind: 'error', reason: end.reason };
  if (timedOut !== undefined) return { kind: 'failure', reason: timedOut };
  if (end.code !== 0) return { kind: 'failure', reason: describeExit(end.code) };
  return end.missing === undefined ? undefined : { kind: 'error', reason: end.missing };
}

/** What follows an attempt that went wrong. The pauses are those of Argo's `retryStrategy.backoff`. */
export function afterTrouble(
  { retries, retry = {}, walltime }: Pick<PlanJob, 'retries' | 'retry' | 'walltime'>,
  { kind, reason }: Trouble,
  { count, since }: Attempts
): Verdict {
  const { backoff = 0, factor = 1, max = Infinity, on = 'failure' } = retry;
  const over = { phase: kind === 'error' ? 'Error' : 'Failed', reason } as const;
  if (count > retries || (on !== 'always' && on !== kind)) return over;
  const pause = backoff * factor ** (count - 1);
  if (since / 1000 + pause >= max) return over;
  // The next attempt would have no time.
  if (since / 1000 + pause >= (walltime ?? Infinity)) return { phase: 'Failed', reason: outOfWalltime(walltime) };
  return { again: pause * 1000, reason };
}

export function outOfWalltime(walltime = 0): string {
  return `all attempts together took longer than ${inWords(walltime)}`;
}
