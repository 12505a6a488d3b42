/** Folders that belong to the system of a job; nothing may be mounted at or below them. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/opt/jupyterflow',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/tmp',
  '/usr',
  '/var'
];

/** The system folder that is at `path` or holds it, and in which no job writes a file of its own. */
export function readOnlyFolderOf(path: string): string | undefined {
  return SYSTEM.find(folder => !WRITABLE.has(folder) && isWithin(path, folder));
}

const WRITABLE = new Set(['/tmp', '/run', '/var', '/root']);

/** The system folder that a mount at `path` would hide or be inside of. */
export function systemFolderOf(path: string): string | undefined {
  return SYSTEM.find(folder => isWithin(path, folder) || isWithin(folder, path));
}

/** Is `path` the folder, or below it? Both normal and absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Without repeated or trailing slashes and without `.` segments; `..` is not resolved. */
export function normalPath(path: string): string {
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  return `${path.startsWith('/') ? '/' : ''}${segments.join('/')}`;
}

export function hasParentSegment(path: string): boolean {
  return path.split('/').includes('..');
}
