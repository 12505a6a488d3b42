import { realpath, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Problem } from '../http/problem.js';
import type { Home } from 'jupyterflow-ts';

/** Names of people that can be the name of a folder and of nothing else. */
const USER = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * The home of a user and the folder of the workflow in it.
 * @param homes - folder of all homes on this machine
 * @param mountPath - where users and jobs see their home
 * @param workspace - as the user sees it
 * @throws Problem INVALID_WORKSPACE
 */
export async function homeOf(homes: string, user: string, mountPath: string, workspace: string): Promise<Home> {
  if (!USER.test(user))
    throw invalid('Your user name can not be the name of a folder here. Ask an administrator of the Hub.');
  const inside = relative(mountPath, workspace);
  if (inside === undefined) {
    throw invalid(
      `workspace must be ${mountPath} or a folder below it, as an absolute path without "..", "." or repeated slashes.`
    );
  }
  const hostPath = await realpath(join(homes, user)).catch(() => undefined);
  if (hostPath === undefined) throw invalid('You have no home here yet. Start your server at the Hub first.');
  const folder = join(hostPath, inside);
  const real = await realpath(folder).catch(() => undefined);
  // A link may lead anywhere, and somewhere else a moment later.
  if (real !== folder || !(await stat(real)).isDirectory()) {
    throw invalid(
      'workspace must be a folder that exists, reached without symbolic links. Save the workflow there first.'
    );
  }
  return { hostPath, mountPath, workspace: inside };
}

function relative(home: string, path: string): string | undefined {
  if (path.includes('\0') || posix.normalize(path) !== path) return undefined;
  if (path === home) return '';
  return path.startsWith(`${home}/`) && !path.endsWith('/') ? path.slice(home.length + 1) : undefined;
}

const invalid = (detail: string): Problem => new Problem('INVALID_WORKSPACE', detail);
