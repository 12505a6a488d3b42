import type { Home, Mount, Submission } from '../engine.js';
import type { RecordedProcess } from './processes.js';

/** A way to run a job's process. */
export interface Sandbox {
  /** @throws EngineError when this submission can't be run here; says how to mend it. */
  check(submission: Submission): Promise<void>;
  /** What a job sees where. */
  view(home: Home, temporary: string): View;
  /** Starts one attempt. Rejects with an {@link EngineError} when the workspace is not what it has to be. */
  start(attempt: Attempt): Promise<StartedAttempt>;
  /** Ends what the jobs of a run that is over left running. */
  endRun(temporary: string): Promise<void>;
  /** Lets go of what it holds; nothing runs any more. */
  close(): Promise<void>;
}

/** Paths as jobs see them. */
export interface View {
  readonly home: string;
  readonly workspace: string;
  readonly temporary: string;
  /** Turns a path that is written for the sandbox into the one that the process uses. */
  locate(path: string): string;
}

/** One attempt of a job. */
export interface Attempt {
  readonly argv: readonly string[];
  /** A text that becomes a file, whose path is the last argument. */
  readonly script?: Script;
  readonly env: ReadonlyMap<string, string>;
  /** Absolute, as the job sees it. */
  readonly workdir: string;
  readonly home: Home;
  readonly mounts: readonly Mount[];
  /** Folder of this machine, shared by the jobs of the run. */
  readonly temporary: string;
  /** Open file that becomes stdout and stderr. */
  readonly output: number;
}

export interface Script {
  readonly text: string;
  /** A path of this machine for it, in a folder that no job can change. */
  readonly path: string;
}

export interface StartedAttempt {
  /** What has to be ended should this engine die. */
  readonly processes: Promise<readonly RecordedProcess[]>;
  /** Resolves when the job and all it started are gone. Never rejects. */
  readonly ended: Promise<AttemptEnd>;
  /** Ends the job and all it started. */
  readonly kill: () => void;
}

export type AttemptEnd =
  /** `note` is a line for the log. */
  | { readonly kind: 'exited'; readonly code: number; readonly note?: string }
  /** The job's program was never begun. */
  | { readonly kind: 'error'; readonly reason: string };
