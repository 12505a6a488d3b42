import type { Run } from '@jupyterflow/schema';
import type { Compilation, Source } from '../compile.js';

/** A run as the commands show it; who owns it is known only to a platform. */
export type RunView = Omit<Run, 'user' | 'organization'> & Partial<Pick<Run, 'user' | 'organization'>>;

export interface SubmitRequest {
  readonly source: Source;
  /** What this side made of the source; a platform compiles again. */
  readonly compilation: Compilation;
  /** Real path of the workflow's folder. */
  readonly workspace: string;
  readonly params: Readonly<Record<string, string>>;
  readonly name?: string;
}

export interface BackendLogOptions {
  readonly follow: boolean;
  /** Only the last n lines. */
  readonly tail?: number;
  readonly signal?: AbortSignal;
}

/** Where runs are: a platform, or this machine. What can't be done rejects with a `Failure`. */
export interface Backend {
  submit(request: SubmitRequest): Promise<RunView>;
  /** By id, by name, or `@latest`. */
  find(reference: string): Promise<RunView>;
  get(id: string): Promise<RunView>;
  /** The newest first. */
  list(): Promise<readonly RunView[]>;
  logs(id: string, job: string, options: BackendLogOptions): AsyncIterable<string>;
  stop(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Finds a run of a list that has the newest first. */
export function pick(runs: readonly RunView[], reference: string): RunView | undefined {
  return reference === '@latest' ? runs[0] : runs.find(({ id, name }) => id === reference || name === reference);
}

export function newestFirst(runs: readonly RunView[]): readonly RunView[] {
  return [...runs].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}
