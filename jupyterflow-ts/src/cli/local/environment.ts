import { homedir } from 'node:os';
import { join } from 'node:path';

/** A job gets what programs need to work, and none of the caller's tokens. */
export function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'VIRTUAL_ENV', 'CONDA_PREFIX'];
  return Object.fromEntries(
    names.flatMap(name => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    })
  );
}

/** All runs of this user share their results. */
export const CACHE_SCOPE = 'own';

/** Results of cached jobs. Follows the XDG Base Directory Specification, 0.8. */
export function cacheFolder(): string {
  const folder = process.env['XDG_CACHE_HOME'];
  return join(folder?.startsWith('/') ? folder : join(homedir(), '.cache'), 'jupyterflow', 'results');
}
