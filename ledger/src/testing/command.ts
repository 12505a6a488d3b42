import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openEmbeddedLedger } from '../embedded/open.js';
import { Party, scratchFolder } from '../scenario.js';

/** The built command, as people run it. */
export const bin = fileURLToPath(new URL('../../bin/jupyterflow-ledger.js', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(...args: string[]): Promise<Ended> {
  return runIn('.', ...args);
}

export function runIn(cwd: string, ...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [bin, ...args], { env: {}, cwd }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    );
  });
}

/** A log in which one organization joined, and its root. */
export async function logOfOne(): Promise<{ readonly folder: string; readonly root: string }> {
  const folder = await scratchFolder();
  const ledger = await openEmbeddedLedger({ folder, origin: 'test' });
  await ledger.submit(new Party('uio', 'kari').joins(Date.now()));
  const root = (await ledger.checkpoint()).split('\n')[2] ?? '';
  await ledger.close();
  return { folder, root };
}
