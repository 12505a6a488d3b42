import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Check } from './check.js';

const run = promisify(execFile);

/** The oldest that the program is tried with. */
const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 ** 30;

/** @param version as `process.version` has it */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (isNew) return { name: 'Node', status: 'ok', detail: version };
  const detail = `${version} is older than v${LEAST_NODE.join('.')}`;
  return { name: 'Node', status: 'fail', detail, mend: 'Install a newer Node: https://nodejs.org' };
}

/**
 * Can jobs be run in a sandbox here?
 * @param isNeeded false where runs go to another place anyway
 */
export async function checkSandbox(isNeeded: boolean, program = 'bwrap'): Promise<Check> {
  const name = 'sandbox';
  const status = isNeeded ? 'fail' : 'warn';
  const version = await run(program, ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined
  );
  if (version === undefined) {
    const mend = 'apt install bubblewrap, or dnf install bubblewrap; or run with --no-sandbox';
    return { name, status, detail: 'bubblewrap is not installed', mend };
  }
  try {
    await run(program, ['--unshare-all', '--ro-bind', '/', '/', 'true']);
    return { name, status: 'ok', detail: `${version}, user namespaces allowed` };
  } catch (error) {
    const why = (error as { readonly stderr?: string }).stderr?.trim() || String(error);
    const mend =
      'Allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1, on Ubuntu 24.04 and newer ' +
      'kernel.apparmor_restrict_unprivileged_userns=0; in a container ask for a seccomp profile that allows them. ' +
      'Or run with --no-sandbox';
    return { name, status, detail: `${version} can make no sandbox: ${why}`, mend };
  }
}

/** Can runs be kept here? */
export async function checkFolder(folder: string): Promise<Check> {
  const name = 'runs folder';
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const probe = join(folder, `.doctor-${process.pid}`);
    await (await open(probe, 'wx')).close();
    await rm(probe);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${folder}, ${(free / 2 ** 30).toFixed(1)} GiB free`;
    if (free >= LEAST_FREE_BYTES) return { name, status: 'ok', detail };
    return { name, status: 'warn', detail, mend: 'Make room: jupyterflow delete --all-finished' };
  } catch (error) {
    const why = (error as Error).message;
    const mend = 'Make it writable, or name another place in XDG_DATA_HOME';
    return { name, status: 'fail', detail: `${folder} can't be written: ${why}`, mend };
  }
}
