import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EngineError, type Home, type Submission } from '../engine.js';
import { exitCodeOf } from './exit-code.js';
import type { Inherited } from './inherited.js';
import { identify, signal, untilGroupGone, type RecordedProcess } from './processes.js';
import type { Attempt, AttemptEnd, Sandbox, StartedAttempt, View } from './sandbox.js';
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

  async start(attempt: Attempt): Promise<StartedAttempt> {
    await findWorkspace(attempt.home);
    const { workdir, env, output } = attempt;
    if (!(await stat(workdir).catch(() => undefined))?.isDirectory()) {
      return ended({ kind: 'exited', code: 127, note: `jupyterflow: the working folder ${workdir} does not exist` });
    }
    const [program = '', ...args] = attempt.argv;
    const child = spawn(program, args, {
      cwd: workdir,
      env: Object.fromEntries(env),
      detached: true,
      stdio: this.inherited.cover(['ignore', output, output])
    });
    return follow(child, program);
  }
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
    processes: recorded(child.pid),
    kill: () => {
      if (child.pid === undefined || stopping.signal.aborted) return;
      stopping.abort();
      signal(-child.pid, 'SIGTERM');
      const late = setTimeout(signal, GRACE, -child.pid, 'SIGKILL');
      void end.then(() => clearTimeout(late));
    }
  };
}

async function recorded(pid: number | undefined): Promise<readonly RecordedProcess[]> {
  const process = pid === undefined ? undefined : await identify(pid);
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
