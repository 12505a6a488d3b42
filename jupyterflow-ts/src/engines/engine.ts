import type { JobState, RunState } from '@jupyterflow/schema';
import type { Plan } from '../plan/plan.js';

/**
 * The one port through which runs are executed. Implementations pass the same conformance tests.
 * Times are milliseconds since the epoch.
 */
export interface Engine {
  /** Accepts a run and starts it. Rejects with an {@link EngineError} when it can't; then nothing was started. */
  submit(submission: Submission): Promise<EngineRun>;
  /** The run as it is now, or undefined when there is none of that id. */
  get(id: string): Promise<EngineRun | undefined>;
  list(): Promise<readonly EngineRun[]>;
  /** The run now and after each change; ends after its last state, or when `signal` aborts. */
  watch(id: string, signal?: AbortSignal): AsyncIterable<EngineRun>;
  /** What a job wrote to stdout and stderr, in order. With `follow`, goes on until the job has finished. */
  logs(id: string, job: string, options?: LogOptions): AsyncIterable<string>;
  /** Ends the run and every process of it; resolves when none is left. A finished run stays as it is. */
  stop(id: string, reason: string): Promise<void>;
  /**
   * Goes on with a finished run: jobs that Succeeded or were Skipped stay with their outputs; the others, those that are
   * other than before, and what depends on them run again, each with its next attempt. The submission is of the same run
   * and the same jobs. An engine whose place has no such thing leaves this out.
   */
  retry?(submission: Submission, options?: RetryOptions): Promise<EngineRun>;
  /** Forgets a finished run and its logs. */
  remove(id: string): Promise<void>;
}

export interface RetryOptions {
  /** Jobs and groups that run again though they Succeeded, with all that depends on them. */
  readonly from?: readonly string[];
}

export interface LogOptions {
  readonly follow?: boolean;
  /** Only the last n lines. */
  readonly tail?: number;
  /** 1-based; default the last one. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

/** What an engine needs to execute a plan. */
export interface Submission {
  readonly id: string;
  readonly plan: Plan;
  readonly home: Home;
  /** The data that each job sees, by job name: what the plan's volumes resolved to. */
  readonly mounts: ReadonlyMap<string, readonly Mount[]>;
  /**
   * Asked before each attempt of each job: a string is the reason to refuse, and ends the run as Error.
   * Where leases are still good is known to the caller, not to the engine.
   */
  readonly admit?: (job: string) => string | undefined;
  /** The keys of a secret or of a ConfigMap that a job names; undefined when there is none. Absent: there are none. */
  readonly secrets?: (kind: 'secret' | 'configMap', name: string) => Promise<ReadonlyMap<string, string> | undefined>;
  /** Whose results of cached jobs may be used again, and only they: a folder name. Absent: no job is taken from the cache. */
  readonly cacheScope?: string;
}

/** The user's files. The home folder itself is chosen by the caller; what is below it is the user's, and hostile. */
export interface Home {
  /** Folder on this machine that holds the home. No part of this path can be changed by the user. */
  readonly hostPath: string;
  /** Where the user and the jobs see it, e.g. /home/jovyan. */
  readonly mountPath: string;
  /** Folder of the workflow relative to the home, normal; '' is the home itself. Only this folder is visible to jobs. */
  readonly workspace: string;
}

/** A folder of this machine that a job sees read-only. */
export interface Mount {
  /** Absolute, resolved by the caller. */
  readonly hostPath: string;
  /** Absolute path in the job. */
  readonly mountPath: string;
  /** Changes when the data does; for keys of caches. Absent: a job with this mount is not taken from the cache. */
  readonly version?: string;
}

export interface EngineRun {
  readonly id: string;
  readonly state: RunState;
  readonly reason?: string;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /**
   * In the order of the plan, `onExit` last. A job with a `foreach` is one entry until its items are known; then its jobs
   * stand in its place.
   */
  readonly jobs: readonly EngineJob[];
}

export interface EngineJob {
  readonly name: string;
  /** The job of the file that this is a copy of. */
  readonly group?: string;
  readonly phase: JobState;
  readonly reason?: string;
  /** Of the last attempt; 128 + n after signal n. */
  readonly exitCode?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Attempts begun. */
  readonly attempts: number;
  /** Names of jobs and of groups. */
  readonly dependsOn: readonly string[];
  /** Values of its outputs, once it Succeeded. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** It Succeeded without being run: the result of an earlier run is used. */
  readonly cached?: true;
}

/** What would become of a job if its run were started now. */
export interface JobForecast {
  readonly name: string;
  readonly group?: string;
  /** It would not run: its result is there, or it is Skipped. */
  readonly fresh: boolean;
  /** Why, as words that follow a colon. */
  readonly reason: string;
}

export type EngineErrorCode =
  | 'SANDBOX_MISSING'
  | 'INVALID_WORKSPACE'
  | 'INVALID_SUBMISSION'
  | 'UNKNOWN_RUN'
  | 'RUN_EXISTS'
  | 'RUN_ACTIVE'
  | 'RUN_SUCCEEDED'
  | 'SECRET_MISSING'
  | 'UNKNOWN_JOB'
  /** Another engine uses the folder. */
  | 'FOLDER_IN_USE'
  /** The place where a job ran has thrown its log away. */
  | 'LOG_GONE';

/** The setting of a job that an engine does not take. */
export interface EnginePlace {
  readonly job: string;
  /** Steps from the job to the setting, as a workflow file spells them. */
  readonly path: readonly (string | number)[];
}

/** Why an engine refused; the message says how to mend it. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly place?: EnginePlace
  ) {
    super(message);
    this.name = 'EngineError';
  }
}
