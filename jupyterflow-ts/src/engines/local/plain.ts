import { join, relative } from 'node:path';
import { EngineError, type Home, type Submission } from '../engine.js';
import type { Inherited } from './inherited.js';
import type { Attempt, Sandbox, StartedAttempt, View } from './sandbox.js';
import { endMarked } from './processes.js';
import { Spawner } from './spawner.js';
import { findWorkspace, isWithin, workspacePath } from './workspace.js';

/** The variables by which an attempt is known. */
const MARKS = ['TEMPORARY_FOLDER', 'JUPYTERFLOW_JOB', 'JUPYTERFLOW_ATTEMPT'];

/** Jobs as plain processes of this user, without a sandbox: for one's own files only, never for leased data. */
export class PlainProcesses implements Sandbox {
  readonly #spawner: Spawner;

  constructor(inherited: Inherited) {
    this.#spawner = new Spawner(stdio => inherited.cover(stdio));
  }

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

  start({ argv, script, env, workdir, output }: Attempt): Promise<StartedAttempt> {
    const variables = Object.fromEntries(env);
    return this.#spawner.start({
      argv,
      ...(script === undefined ? {} : { script }),
      env: variables,
      marks: Object.fromEntries(MARKS.map(name => [name, variables[name] ?? ''])),
      workdir,
      output: `/proc/${process.pid}/fd/${output}`
    });
  }

  /** What left the process group of its job has its variables still. */
  endRun(temporary: string): Promise<void> {
    return endMarked({ TEMPORARY_FOLDER: temporary });
  }

  close(): Promise<void> {
    return this.#spawner.close();
  }
}
