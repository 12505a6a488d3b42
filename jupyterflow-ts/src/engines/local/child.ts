import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodeOf } from './exit-code.js';
import type { Stdio } from './inherited.js';
import { endMarked, identifyNow, signal, untilGroupGone, type RecordedProcess } from './processes.js';
import type { AttemptEnd, Script } from './sandbox.js';

/** How long a process may take to end after SIGTERM, in milliseconds. */
const GRACE = 2000;

/** What is to be started, as data that another process can be given. */
export interface ChildOrder {
  readonly argv: readonly string[];
  readonly script?: Script;
  readonly env: Readonly<Record<string, string>>;
  /** Those of its variables by which what it starts is known, also what leaves its process group. */
  readonly marks: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly workdir: string;
  /** Path of what becomes stdout and stderr. */
  readonly output: string;
}

export interface StartedChild {
  /** What has to be ended should this process die; empty when there is nothing. */
  readonly processes: readonly RecordedProcess[];
  /** Resolves when it and all it started are gone. Never rejects. */
  readonly ended: Promise<AttemptEnd>;
  /** Ends it and all it started, after a time of grace. */
  readonly kill: () => void;
  /** Ends it and all it started at once. */
  readonly end: () => void;
}

/**
 * Starts a process that leads a process group of its own.
 * @param cover Adds to its files what is to hide others of this process.
 * @throws Error of the system when it could not be tried.
 */
export function startChild(
  { argv, script, env, marks, workdir, output }: ChildOrder,
  cover: (stdio: Stdio) => Stdio = stdio => stdio
): StartedChild {
  // To start a process in a folder waits for that folder's disk too, so this one call more does no harm.
  if (!statSync(workdir, { throwIfNoEntry: false })?.isDirectory()) {
    return ended({ kind: 'exited', code: 127, note: `jupyterflow: the working folder ${workdir} does not exist` });
  }
  const [program = '', ...args] = [...argv, ...written(script)];
  const file = openSync(output, constants.O_WRONLY);
  try {
    const stdio = cover(['ignore', file, file]);
    return follow(spawn(program, args, { cwd: workdir, env, detached: true, stdio }), program, marks);
  } finally {
    closeSync(file);
  }
}

/** The path of a script, once it is there. */
function written(script: Script | undefined): readonly string[] {
  if (script === undefined) return [];
  mkdirSync(dirname(script.path), { recursive: true, mode: 0o700 });
  rmSync(script.path, { force: true });
  writeFileSync(script.path, script.text, { flag: 'wx', mode: 0o400 });
  return [script.path];
}

function follow(child: ChildProcess, program: string, marks: ChildOrder['marks']): StartedChild {
  const { pid } = child;
  let stopping = false;
  const end = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).then(
    async ([code, killedBy]): Promise<AttemptEnd> => {
      if (pid !== undefined) {
        // What a job leaves behind ends with it; what is being stopped has its time of grace.
        if (!stopping) signal(-pid, 'SIGKILL');
        await untilGroupGone(pid);
        if (stopping) await endMarked(marks);
      }
      return { kind: 'exited', code: exitCodeOf(code, killedBy) };
    },
    (error: unknown): AttemptEnd => notStarted(program, error)
  );
  return {
    ended: end,
    processes: recorded(pid),
    kill: () => {
      if (pid === undefined || stopping) return;
      stopping = true;
      signal(-pid, 'SIGTERM');
      const late = setTimeout(signal, GRACE, -pid, 'SIGKILL');
      void end.then(() => clearTimeout(late));
    },
    end: () => {
      if (pid !== undefined) signal(-pid, 'SIGKILL');
    }
  };
}

function recorded(pid: number | undefined): readonly RecordedProcess[] {
  const process = pid === undefined ? undefined : identifyNow(pid);
  return process === undefined ? [] : [{ ...process, group: true }];
}

function notStarted(program: string, error: unknown): AttemptEnd {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return { kind: 'exited', code: 127, note: `jupyterflow: ${program}: command not found` };
    case 'EACCES':
      return { kind: 'exited', code: 126, note: `jupyterflow: ${program}: permission denied` };
    default:
      return {
        kind: 'error',
        reason: `the program could not be started: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`
      };
  }
}

function ended(end: AttemptEnd): StartedChild {
  return { ended: Promise.resolve(end), processes: [], kill: () => undefined, end: () => undefined };
}
