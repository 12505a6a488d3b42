import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Result {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command in a folder of its own, with a home, settings and runs of its own. */
export class CommandRig {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'jupyterflow-cli-')));
  readonly home = join(this.folder, 'home');
  readonly env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.home,
    XDG_DATA_HOME: join(this.folder, 'data')
  };

  constructor(readonly main = MAIN) {}

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  start(...args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [this.main, ...args], { cwd: this.folder, env: this.env });
  }

  run(...args: readonly string[]): Promise<Result> {
    return resultOf(this.start(...args));
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function resultOf(child: ChildProcessWithoutNullStreams): Promise<Result> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', chunk => (stdout += String(chunk)));
  child.stderr.on('data', chunk => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', exit => resolve({ exit, stdout, stderr }));
  });
}
