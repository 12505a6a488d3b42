import type { Engine } from '../engine.js';

/** How jobs are run on this machine. */
export interface LocalEngineOptions {
  /** Run records and logs: `<folder>/<id>/run.json`, `<folder>/<id>/<job>/<attempt>.log`. One engine at a time uses it. */
  readonly folder: string;
  /** Most jobs at once over all runs. Default: the number of processors. */
  readonly slots?: number;
  /** Default 'bubblewrap'. 'none' runs jobs as plain processes and refuses submissions with mounts. */
  readonly sandbox?: 'bubblewrap' | 'none';
  /** Further folders of this machine that jobs see read-only at the same path: a Python prefix, a virtual environment, ... */
  readonly readOnly?: readonly string[];
  /** Environment of each job; what a job declares itself wins. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The engine of one machine. */
export interface LocalEngine extends Engine {
  /** Ends every run that is going, with this reason, and lets go of the folder. */
  close(reason: string): Promise<void>;
}

/** Opens the engine of this machine. Runs that were going when the last one died end as Error. */
export function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  return Promise.reject(new Error(`no engine can use ${options.folder} yet`));
}
