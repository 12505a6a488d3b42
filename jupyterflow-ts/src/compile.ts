import type { Diagnostic } from '@jupyterflow/schema';
import type { Plan } from './plan/plan.js';

/** A file as it was read. */
export interface Source {
  readonly text: string;
  /** How diagnostics call it. */
  readonly file: string;
}

export interface CompileOptions {
  /** Name of the run; wins over the file's. */
  readonly name?: string;
  /** Name of the file's folder: the name when neither option nor file gives one. */
  readonly folder?: string;
  /** Values of parameters. */
  readonly params?: Readonly<Record<string, string>>;
  /** The user's home in the jobs. Default /home/jovyan. */
  readonly home?: string;
}

export interface Compilation {
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Present if and only if no diagnostic is an error. */
  readonly plan?: Plan;
}

/** Reads, checks and plans a workflow file. Never throws on what a user wrote. */
export function compile(source: Source, options: CompileOptions = {}): Compilation {
  void source;
  void options;
  return { diagnostics: [] };
}
