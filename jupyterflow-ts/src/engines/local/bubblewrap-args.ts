import type { FolderIdentity } from './workspace.js';

/** Fixed numbers of the files that bubblewrap gets. */
export const FD = { args: 3, start: 4, status: 5, output: 6, script: 7 } as const;

/** Where the start script is in the sandbox. */
export const START_SCRIPT = '/run/jupyterflow/start';

/** Where the script of a job is in the sandbox. */
export const JOB_SCRIPT = '/run/jupyterflow/script';

/** What the sandbox could make of this machine, found out once. */
export interface Machine {
  /** Arguments that depend on what the kernel allows here, e.g. a fresh /proc. */
  readonly kernel: readonly string[];
  /** `/usr` and what else every job sees of the system. */
  readonly system: readonly SandboxMount[];
}

/** Something at a path of the sandbox. */
export interface SandboxMount {
  readonly path: string;
  readonly args: readonly string[];
}

export function readOnly(path: string, source: string = path): SandboxMount {
  return { path, args: ['--ro-bind', source, path] };
}

export function writable(path: string, source: string): SandboxMount {
  return { path, args: ['--bind', source, path] };
}

/** A file whose content comes through one of the numbered files. */
export function given(path: string, file: number): SandboxMount {
  return { path, args: ['--ro-bind-data', String(file), path] };
}

export function empty(path: string): SandboxMount {
  return { path, args: ['--tmpfs', path] };
}

/**
 * Arguments of bwrap(1), given to it through a file: neither paths of this machine nor values can be read from its process.
 * New namespaces for everything, so no network; no capability; only the named mounts; it all dies with this process.
 */
export function sandboxArguments(machine: Machine, mounts: readonly SandboxMount[]): string[] {
  return [
    ['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '100', '--hostname', 'jupyterflow'],
    ['--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--json-status-fd', String(FD.status)],
    ['--clearenv', '--setenv', 'PATH', '/usr/bin:/bin'],
    ...outerFirst([...machine.system, ...mounts]).map(mount => mount.args),
    machine.kernel,
    given(START_SCRIPT, FD.start).args,
    ['--remount-ro', '/']
  ].flat();
}

/** A mount hides what was mounted before below its path. */
function outerFirst(mounts: readonly SandboxMount[]): SandboxMount[] {
  const depth = ({ path }: SandboxMount): number => path.split('/').length;
  return [...mounts].sort((a, b) => depth(a) - depth(b));
}

/** What the first process of a sandbox does before it becomes the job. */
export interface Start {
  /** Folders that must be at these paths. */
  readonly expected: ReadonlyMap<string, FolderIdentity>;
  readonly workdir: string;
  readonly env: ReadonlyMap<string, string>;
}

/** Written to bubblewrap's own stderr by the start script, where no job can write. */
export const READY = 'ready';
export const CHANGED = 'changed';

/**
 * The script (POSIX sh) that is given the job's program and arguments. It runs in an environment that nobody but the
 * engine chose, and sets the job's own only after it has made sure that what is mounted is what was meant: bubblewrap
 * finds folders by name, and names below a home are the user's to change.
 */
export function startScript({ expected, workdir, env }: Start): string {
  const paths = [...expected.keys()].map(quote).join(' ');
  const identities = quote([...expected.values()].join('\n'));
  const folderMissing = quote(`jupyterflow: the working folder ${workdir} does not exist`);
  return [
    `if [ "$(stat -c %d:%i -- ${paths})" != ${identities} ]; then echo ${CHANGED} >&2; exit 1; fi`,
    `echo ${READY} >&2`,
    `exec >&${FD.output} 2>&${FD.output} ${FD.output}>&-`,
    `cd -- ${quote(workdir)} 2>/dev/null || { printf '%s\\n' ${folderMissing}; exit 127; }`,
    'unset OLDPWD',
    // `command` keeps a name that is special to the shell from ending the script.
    ...[...env].map(([name, value]) => `command export ${name}=${quote(value)} || :`),
    `command -v "$1" >/dev/null || { printf 'jupyterflow: %s: command not found\\n' "$1"; exit 127; }`,
    'exec "$@"',
    ''
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
