import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../compile.js';

/** What the command's exit code says. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  invalidFile: 3,
  refused: 4,
  unreachable: 5,
  timeout: 124,
  interrupted: 130
} as const;

/** The same for people. */
export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done; of a run that is waited for: it succeeded',
  failed: 'the run did not succeed, or something is not as it should be',
  usage: 'the command line or the configuration is wrong',
  invalidFile: 'the workflow file has errors',
  refused: 'a lease or a permission is missing',
  unreachable: 'the platform or the cluster does not answer',
  timeout: 'the longest wait is over; the run goes on',
  interrupted: 'Ctrl-C'
};

export interface FailureOptions {
  /** Stable code of the problem; none for the plain messages of the first JupyterFlow. */
  readonly code?: string;
  /** How to mend it. */
  readonly hint?: string;
  /** Problems of the workflow file. */
  readonly diagnostics?: readonly Diagnostic[];
  /** What the diagnostics are of. Default: the file that they name. */
  readonly source?: Source;
  readonly cause?: unknown;
}

/** Ends the command with a message for people and an exit code. */
export class Failure extends Error {
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly diagnostics: readonly Diagnostic[] | undefined;
  readonly source: Source | undefined;

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
    this.source = options.source;
  }
}
