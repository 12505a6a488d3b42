import type { Diagnostic } from '@jupyterflow/schema';

/** What the command's exit code says. */
export const EXIT = {
  ok: 0,
  /** The run did not succeed. */
  failed: 1,
  usage: 2,
  invalidFile: 3,
  /** A lease or a permission is missing. */
  refused: 4,
  unreachable: 5,
  timeout: 124,
  interrupted: 130
} as const;

export interface FailureOptions {
  /** Stable code of the problem; none for the plain messages of the first JupyterFlow. */
  readonly code?: string;
  /** How to mend it. */
  readonly hint?: string;
  /** Problems of the workflow file. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly cause?: unknown;
}

/** Ends the command with a message for people and an exit code. */
export class Failure extends Error {
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly diagnostics: readonly Diagnostic[] | undefined;

  constructor(
    readonly exit: number,
    message: string,
    options: FailureOptions = {}
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = options.code;
    this.hint = options.hint;
    this.diagnostics = options.diagnostics;
  }
}
