import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EngineError, type Home, type Submission } from '../engine.js';
import { exitCodeOf } from './exit-code.js';
import type { Inherited } from './inherited.js';
import { identifyNow, signal, untilGroupGone, type RecordedProcess } from './processes.js';
import type { Attempt, AttemptEnd, Sandbox, Script, StartedAttempt, View } from './sandbox.js';
import { findWorkspace, isWithin, workspacePath } from './workspace.js';

/** How long a job may take to end after SIGTERM, in milliseconds. */
const GRACE = 2000;
/** Jobs as plain processes of this user, without a sandbox: for one's own files only, never for leased data. */
export class PlainProcesses implements Sandbox {
  constructor(readonly inherited: Inherited) {}

  async check({ home, mounts }: Submission): Promise<void> {
    if ([...mounts.values()].some(of => of.length > 0)) {
      throw new EngineError(
        'SANDBOX_MISSING',
        'leased data is only given to jobs in a sandbox, and this engine was opened without one'
      );
    }
    await findWorkspace(home);
  }

  view(home: Home, temporary: string): View {
    const workspace = join(home.hostPath, home.workspace);
    const seen = workspacePath(home);
    const locate = (path: string): string => (isWithin(seen, path) ? join(workspace, relative(seen, path)) : path);
    return { home: home.hostPath, workspace, temporary, locate };
  }

  start(attempt: Attempt): Promise<StartedAttempt> {
    const { workdir, env, output } = attempt;
    // To start a process in a folder waits for that folder's disk too, so this one call more does no harm.
    if (!statSync(workdir, { throwIfNoEntry: false })?.isDirectory()) {
      const note = `jupyterflow: the working folder ${workdir} does not exist`;
      return Promise.resolve(ended({ kind: 'exited', code: 127, note }));
    }
    const [program = '', ...args] = [...attempt.argv, ...written(attempt.script)];
    const child = spawn(program, args, {
      cwd: workdir,
      env: Object.fromEntries(env),
      detached: true,
      stdio: this.inherited.cover(['ignore', output, output])
    });
    return Promise.resolve(follow(child, program));
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

function follow(child: ChildProcess, program: string): StartedAttempt {
  const stopping = new AbortController();
  const end = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).then(
    async ([code, killedBy]): Promise<AttemptEnd> => {
      if (child.pid !== undefined) {
        // What a job leaves behind ends with it; what is being stopped has its time of grace.
        if (!stopping.signal.aborted) signal(-child.pid, 'SIGKILL');
        await untilGroupGone(child.pid);
      }
      return { kind: 'exited', code: exitCodeOf(code, killedBy) };
    },
    (error: unknown): AttemptEnd => notStarted(program, error)
  );
  return {
    ended: end,
    processes: Promise.resolve(recorded(child.pid)),
    kill: () => {
      if (child.pid === undefined || stopping.signal.aborted) return;
      stopping.abort();
      signal(-child.pid, 'SIGTERM');
      const late = setTimeout(signal, GRACE, -child.pid, 'SIGKILL');
      void end.then(() => clearTimeout(late));
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

function ended(end: AttemptEnd): StartedAttempt {
  return { ended: Promise.resolve(end), processes: Promise.resolve([]), kill: () => undefined };
}
