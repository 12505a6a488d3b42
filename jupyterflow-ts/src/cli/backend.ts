import type { Run } from '@jupyterflow/schema';
import type { Compilation, Source } from '../compile.js';
import type { JobForecast } from '../engines/engine.js';
import type { Selection } from '../plan/select.js';
import { nearestOrAll } from '../check/nearest.js';
import { EXIT, Failure } from './failure.js';

/** A run as the commands show it; who owns it is known only to a platform. */
export type RunView = Omit<Run, 'user' | 'organization'> & Partial<Pick<Run, 'user' | 'organization'>>;

export interface SubmitRequest {
  readonly source: Source;
  /** What this side made of the source, with only the selected jobs in its plan; a platform compiles again. */
  readonly compilation: Compilation;
  readonly select?: Selection;
  /** Real path of the workflow's folder. */
  readonly workspace: string;
  readonly params: Readonly<Record<string, string>>;
  readonly name?: string;
}

export interface BackendLogOptions {
  readonly follow: boolean;
  /** Only the last n lines. */
  readonly tail?: number;
  /** 1-based; default the last one. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  readonly state?: RunView['state'];
  /** Only the newest. */
  readonly limit?: number;
}

export interface RetryRequest {
  /** Jobs and groups that run again though they Succeeded. */
  readonly from: readonly string[];
}

/** Where runs are: a platform, or this machine. What can't be done rejects with a `Failure`. */
export interface Backend {
  /** Whether it starts runs at the times of a `schedule`; elsewhere a run starts at once. */
  readonly keepsSchedules?: true;
  submit(request: SubmitRequest): Promise<RunView>;
  /** What each job would do if this were submitted now, and why. Undefined where only the run itself finds out. */
  explain(request: SubmitRequest): Promise<readonly JobForecast[] | undefined>;
  /** By id or name, their beginning when no other run has it, or `@latest`. */
  find(reference: string): Promise<RunView>;
  get(id: string, signal?: AbortSignal): Promise<RunView>;
  /** The newest first. */
  list(options?: ListOptions): Promise<readonly RunView[]>;
  logs(id: string, job: string, options: BackendLogOptions): AsyncIterable<string>;
  stop(id: string): Promise<void>;
  /** Goes on with a finished run: what did not succeed runs again, and what `from` names, with all that depends on it. */
  retry(id: string, request: RetryRequest): Promise<RunView>;
  /**
   * Starts a new run of the file and the parameters of this one. Absent where they are not kept.
   * @param params values that are other than then
   */
  resubmit?(id: string, params: Readonly<Record<string, string>>): Promise<RunView>;
  remove(id: string): Promise<void>;
}

/**
 * Finds a run of a list that has the newest first.
 * @throws Failure when there is none, or when several begin like this
 */
export function pick(runs: readonly RunView[], reference: string): RunView {
  const exact = reference === '@latest' ? runs[0] : runs.find(({ id, name }) => id === reference || name === reference);
  if (exact !== undefined) return exact;
  const begun = runs.filter(({ id, name }) => id.startsWith(reference) || name.startsWith(reference));
  const [run] = begun;
  if (run === undefined || reference === '') throw unknownRun(reference);
  if (begun.length === 1) return run;
  const names = begun.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = begun.length > MOST_NAMED ? ` and ${begun.length - MOST_NAMED} more` : '';
  const hint = `Write more of the name: ${names.join(', ')}${more}.`;
  throw new Failure(EXIT.usage, `${begun.length} runs begin with ${reference}`, { code: 'AMBIGUOUS_RUN', hint });
}

/** Runs that a message names. */
const MOST_NAMED = 5;

export function unknownRun(reference: string): Failure {
  const message = reference === '@latest' ? 'there is no run yet' : `there is no run ${reference}`;
  return new Failure(EXIT.usage, message, { code: 'UNKNOWN_RUN', hint: 'See `jupyterflow list`.' });
}

/** Does the name stand for a job of the run, or for a group of copies? */
export function hasJob({ jobs }: RunView, wanted: string): boolean {
  return jobs.some(({ name, group }) => name === wanted || group === wanted);
}

export function unknownJob({ name, jobs }: RunView, wanted: string): Failure {
  const names = [...new Set(jobs.map(job => job.group ?? job.name))];
  const hint = nearestOrAll(wanted, names, 'Its jobs');
  const hinted = hint === undefined ? {} : { hint };
  return new Failure(EXIT.usage, `the run ${name} has no job ${wanted}`, { code: 'UNKNOWN_JOB', ...hinted });
}

/** Those of a list that are asked for. */
export function filterRuns(runs: readonly RunView[], { state, limit }: ListOptions): readonly RunView[] {
  return runs.filter(run => state === undefined || run.state === state).slice(0, limit);
}

export function newestFirst(runs: readonly RunView[]): readonly RunView[] {
  return [...runs].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}
