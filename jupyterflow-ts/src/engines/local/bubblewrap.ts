import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, readlink, stat, writeFile } from 'node:fs/promises';
import { delimiter, join, posix } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { EngineError, type Home, type Mount } from '../engine.js';
import {
  CHANGED,
  FD,
  READY,
  JOB_SCRIPT,
  START_SCRIPT,
  empty,
  given,
  readOnly,
  sandboxArguments,
  startScript,
  writable,
  type Machine,
  type SandboxMount
} from './bubblewrap-args.js';
import { TEMPORARY } from './outputs.js';
import { exitCodeOf } from './exit-code.js';
import type { Inherited } from './inherited.js';
import { identify, parentOf, signal, untilGone, type ProcessIdentity, type RecordedProcess } from './processes.js';
import type { Attempt, AttemptEnd, Sandbox, StartedAttempt, View } from './sandbox.js';
import { findWorkspace, findData, isWithin, makeMountPoint, workspacePath } from './workspace.js';

const MISSING =
  'jobs run in a sandbox, and bubblewrap is not on this machine: install the package "bubblewrap" (apt install bubblewrap, dnf install bubblewrap)';

export interface BubblewrapOptions {
  /** Folder for the few system files that the sandbox has of its own. */
  readonly folder: string;
  readonly readOnly: readonly string[];
  readonly inherited: Inherited;
}

/** Each job in namespaces of its own, made by bubblewrap: it sees the system, its workspace and its data, and no network. */
export class BubblewrapSandbox implements Sandbox {
  readonly #options: BubblewrapOptions;
  #found: { readonly program: string; readonly machine: Machine } | undefined;

  constructor(options: BubblewrapOptions) {
    this.#options = options;
  }

  async check({ home }: { readonly home: Home }): Promise<void> {
    await this.#find();
    await findWorkspace(home);
  }

  view(home: Home): View {
    return { home: home.mountPath, workspace: workspacePath(home), temporary: TEMPORARY, locate: path => path };
  }

  async start(attempt: Attempt): Promise<StartedAttempt> {
    const { program, machine } = await this.#find();
    const { home, mounts, workdir, env } = attempt;
    const expected = new Map([[workspacePath(home), await findWorkspace(home)]]);
    for (const mount of mounts) {
      if (isWithin(workspacePath(home), mount.mountPath)) {
        await makeMountPoint(home, posix.relative(home.mountPath, mount.mountPath));
      }
      expected.set(mount.mountPath, await findData(mount));
    }
    const { script, output } = attempt;
    const argv = [...attempt.argv, ...(script === undefined ? [] : [JOB_SCRIPT])];
    const stdio = [
      'ignore',
      'ignore',
      'pipe',
      'pipe',
      'pipe',
      'pipe',
      output,
      ...(script === undefined ? [] : ['pipe' as const])
    ] as const;
    const child = spawn(program, ['--args', String(FD.args), '--', '/bin/sh', START_SCRIPT, ...argv], {
      env: {},
      stdio: this.#options.inherited.cover(stdio)
    });
    give(child, FD.args, sandboxArguments(machine, this.#mounts(attempt)).join('\0') + '\0');
    give(child, FD.start, startScript({ expected, workdir, env }));
    if (script !== undefined) give(child, FD.script, script.text);
    return follow(child);
  }

  /** What a job starts can't leave its sandbox, which ends with the job. */
  endRun(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #mounts({ home, mounts, temporary, script }: Attempt): SandboxMount[] {
    const data = ({ hostPath, mountPath }: Mount): SandboxMount => readOnly(mountPath, hostPath);
    return [
      ...(home.workspace === '' ? [] : [empty(home.mountPath)]),
      ...this.#options.readOnly.map(path => readOnly(path)),
      writable(workspacePath(home), join(home.hostPath, home.workspace)),
      writable(TEMPORARY, temporary),
      ...mounts.map(data),
      ...(script === undefined ? [] : [given(JOB_SCRIPT, FD.script)])
    ];
  }

  /** Looks for bubblewrap and for what it may do here; a machine on which it was installed since is fine. */
  async #find(): Promise<{ readonly program: string; readonly machine: Machine }> {
    if (this.#found === undefined) {
      const program = await onPath('bwrap');
      if (program === undefined) throw new EngineError('SANDBOX_MISSING', MISSING);
      const system = await systemMounts(this.#options.folder);
      this.#found = { program, machine: { system, kernel: await probe(program, system) } };
    }
    return this.#found;
  }
}

/** Follows bubblewrap's process, and through it the first process of its sandbox, to the end. */
function follow(child: ChildProcess): StartedAttempt {
  const init = firstProcess(child);
  const said = text(child.stderr);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const ended = closed.then(
    async ([code, killedBy]): Promise<AttemptEnd> => {
      const process = await init;
      if (process !== undefined) await untilGone(process);
      const exitCode = exitCodeOf(code, killedBy);
      return (await said).startsWith(READY)
        ? { kind: 'exited', code: exitCode }
        : { kind: 'error', reason: whyNotStarted(await said) };
    },
    (error: unknown): AttemptEnd => ({ kind: 'error', reason: `bubblewrap could not be started: ${codeOf(error)}` })
  );
  return { ended, processes: recorded(child, init), kill: () => void kill(child, init) };
}

/**
 * The end of a sandbox's first process takes every other one along, and bubblewrap, its parent, tells when that is done.
 * It is only signalled while it still is the child of bubblewrap.
 */
async function kill(child: ChildProcess, init: Promise<ProcessIdentity | undefined>): Promise<void> {
  const process = await init;
  const stillChild = process !== undefined && (await parentOf(process.pid)) === child.pid;
  if (!stillChild || !signal(process.pid, 'SIGKILL')) child.kill('SIGKILL');
}

async function recorded(
  child: ChildProcess,
  init: Promise<ProcessIdentity | undefined>
): Promise<readonly RecordedProcess[]> {
  const outer = child.pid === undefined ? undefined : await identify(child.pid);
  return [await init, outer].flatMap(process => (process === undefined ? [] : [{ ...process, group: false }]));
}

/** bubblewrap reports it as `{"child-pid": n, ...}` before anything of the job begins. */
function firstProcess(child: ChildProcess): Promise<ProcessIdentity | undefined> {
  const status = readable(child, FD.status);
  return new Promise(resolve => {
    let report = '';
    const read = (chunk: Buffer): void => {
      report += chunk.toString();
      const pid = /"child-pid": *(\d+)/.exec(report)?.[1];
      if (pid === undefined) return;
      status.off('data', read).resume();
      resolve(identify(Number(pid)));
    };
    status.on('data', read).on('close', () => resolve(undefined));
  });
}

/** What bubblewrap says names paths of this machine, so nobody else may read it; the kernel's words at its end name none. */
function whyNotStarted(said: string): string {
  if (said.startsWith(CHANGED)) return 'the workspace or the data changed while the job was starting';
  const cause = /: ([A-Z][a-z ]+)\s*$/.exec(said)?.[1];
  return `the sandbox could not be made${cause === undefined ? '' : `: ${cause}`}`;
}

/**
 * The most that the kernel allows: inside another sandbox a fresh /proc is refused, and so may be to forbid further
 * user namespaces.
 */
async function probe(program: string, system: readonly SandboxMount[]): Promise<readonly string[]> {
  const fresh = ['--proc', '/proc'];
  let refused = '';
  for (const kernel of [['--disable-userns', ...fresh], fresh, ['--ro-bind', '/proc', '/proc']]) {
    const child = spawn(program, ['--args', String(FD.args), '--', '/bin/sh', START_SCRIPT], {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe']
    });
    const said = text(child.stderr);
    give(child, FD.args, sandboxArguments({ system, kernel }, []).join('\0') + '\0');
    give(child, FD.start, 'stat -c %d:%i -- / >/dev/null && echo ready >&2');
    readable(child, FD.status).resume();
    await once(child, 'close');
    refused = await said;
    if (refused.startsWith(READY)) return kernel;
  }
  throw new EngineError(
    'SANDBOX_MISSING',
    `jobs run in a sandbox, and bubblewrap can't make one here (${refused.trim()}): allow unprivileged user namespaces on this machine`
  );
}

const ETC = ['alternatives', 'fonts', 'ld.so.cache', 'localtime', 'mime.types', 'R', 'ssl/certs', 'ssl/openssl.cnf'];

/** The system as jobs see it: programs and libraries, and of /etc only what they need. */
async function systemMounts(folder: string): Promise<readonly SandboxMount[]> {
  const mounts = [readOnly('/usr'), { path: '/dev', args: ['--dev', '/dev'] }, empty('/tmp')];
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']) {
    const kind = await lstat(path).catch(() => undefined);
    if (kind?.isSymbolicLink()) mounts.push({ path, args: ['--symlink', await readlink(path), path] });
    else if (kind !== undefined) mounts.push(readOnly(path));
  }
  for (const path of ETC.map(name => `/etc/${name}`)) {
    if (await stat(path).catch(() => undefined)) mounts.push(readOnly(path));
  }
  return [...mounts, ...(await ownFiles(folder))];
}

const OWN_FILES = {
  passwd: 'root:x:0:0:root:/root:/usr/sbin/nologin\njovyan:x:1000:100:jovyan:/home/jovyan:/bin/sh\n',
  group: 'root:x:0:\nusers:x:100:\n',
  hosts: '127.0.0.1 localhost jupyterflow\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n'
};

async function ownFiles(folder: string): Promise<SandboxMount[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(
    Object.entries(OWN_FILES).map(async ([name, content]) => {
      await writeFile(join(folder, name), content, { mode: 0o644 });
      return readOnly(`/etc/${name}`, join(folder, name));
    })
  );
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const file = await stat(join(folder, program)).catch(() => undefined);
    if (file?.isFile() && (file.mode & 0o111) !== 0) return join(folder, program);
  }
  return undefined;
}

function give(child: ChildProcess, file: number, content: string): void {
  const stream = child.stdio[file] as Writable;
  // A bubblewrap that ends before it has read everything is reported by its end.
  stream.on('error', () => undefined);
  stream.end(content);
}

function readable(child: ChildProcess, file: number): Readable {
  return child.stdio[file] as Readable;
}

const MOST_SAID = 4096;

async function text(stream: Readable | null): Promise<string> {
  let said = '';
  for await (const chunk of stream ?? []) if (said.length < MOST_SAID) said += String(chunk);
  return said;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
