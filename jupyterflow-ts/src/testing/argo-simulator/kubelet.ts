import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { PodLog } from '../kubernetes/server.js';
import { environmentOf, expand, missingSetting, type PodContainer, type Settings } from './container.js';

export interface Pod {
  readonly name: string;
  readonly container: PodContainer;
  readonly volumes: readonly PodVolume[];
  /** Of a script: its text. */
  readonly source?: string;
  /** In seconds. */
  readonly activeDeadlineSeconds?: number;
}

export interface PodVolume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export type PodEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'deadline' | 'killed' }
  /** The container could not be made; the words are those of the kubelet. */
  | { readonly kind: 'waiting'; readonly message: string };

export interface KubeletOptions {
  /** Where pods have their files. */
  readonly folder: string;
  /** Folders of this machine by the claims that stand for them. */
  readonly claims: ReadonlyMap<string, string>;
  readonly settings?: Settings;
}

interface RunningPod {
  readonly log: string;
  child?: ChildProcess;
  isOver: boolean;
}

/** Folders of this machine that stand for what an image holds. */
const IMAGE = ['/usr', '/bin', '/lib', '/lib64', '/sbin', '/etc/alternatives', '/etc/ld.so.cache'];

/** Runs the command of each pod as a process of this machine, in a root of its own with the pod's volumes (bubblewrap). */
export class ProcessKubelet {
  readonly #options: KubeletOptions;
  readonly #pods = new Map<string, RunningPod>();

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  /** The file that a path of a pod is on this machine. */
  hostPath(pod: Pod, path: string): string {
    const places = this.#mounts(pod).sort((a, b) => b.mountPath.length - a.mountPath.length);
    const place = places.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
    if (place === undefined) return join(this.#rootOf(pod.name), path);
    return join(place.hostPath, path.slice(place.mountPath.length));
  }

  async run(pod: Pod): Promise<PodEnd> {
    const running: RunningPod = { log: join(this.#options.folder, `${pod.name}.log`), isOver: false };
    this.#pods.set(pod.name, running);
    try {
      const missing = missingSetting(pod.container, this.#settings);
      return missing !== undefined ? { kind: 'waiting', message: missing } : await this.#execute(pod, running);
    } finally {
      running.isOver = true;
    }
  }

  kill(name: string): void {
    const child = this.#pods.get(name)?.child;
    if (child !== undefined) end(child);
  }

  /** Takes a pod away with its log, as garbage collection does. */
  forget(name: string): void {
    this.#pods.delete(name);
  }

  /** What a pod wrote. */
  textOf(name: string): string {
    return readText(this.#pods.get(name)?.log ?? '');
  }

  readonly log: PodLog = (name, query, signal) => {
    const pod = this.#pods.get(name);
    if (pod === undefined) return undefined;
    const tail = query.get('tailLines');
    if (query.get('follow') === 'true') return followed(pod, query.get('sinceTime') ?? undefined, signal);
    return Readable.from([lastLines(readText(pod.log), tail === null ? Infinity : Number(tail))]);
  };

  async #execute(pod: Pod, running: RunningPod): Promise<PodEnd> {
    const { command, args = [], workingDir = '/' } = pod.container;
    const env = environmentOf(pod.container, this.#settings);
    const root = this.#rootOf(pod.name);
    // A pod of the same name may have been before.
    rmSync(root, { recursive: true, force: true });
    for (const folder of ['tmp', 'argo']) mkdirSync(join(root, folder), { recursive: true });
    // A runtime makes the working folder when the image has none.
    mkdirSync(this.hostPath(pod, workingDir), { recursive: true });
    const words = [...command, ...args].map(word => expand(word, env));
    if (pod.source !== undefined) writeFileSync(join(root, 'argo', 'script'), pod.source);
    const mounts = this.#mounts(pod).flatMap(({ mountPath, hostPath, readOnly }) => {
      mkdirSync(hostPath, { recursive: true });
      return [readOnly ? '--ro-bind' : '--bind', hostPath, mountPath];
    });
    rmSync(running.log, { force: true });
    const log = openSync(running.log, 'a');
    const child = spawn(
      'bash',
      [
        // The output is a pipe, as in a container: what opens /dev/stdout anew must not cut it.
        ...['-c', 'bwrap "$@" 2>&1 | cat; exit "${PIPESTATUS[0]}"', 'pod'],
        ...['--unshare-pid', '--unshare-ipc', '--unshare-net', '--die-with-parent', '--new-session', '--clearenv'],
        ...['--bind', root, '/', ...IMAGE.flatMap(bind), '--proc', '/proc', '--dev', '/dev', ...mounts],
        ...[...env].flatMap(([name, value]) => ['--setenv', name, value]),
        ...['--', '/bin/sh', '-c', EMISSARY, 'emissary', workingDir, ...words],
        ...(pod.source === undefined ? [] : ['/argo/script'])
      ],
      { stdio: ['ignore', log, log], env: { PATH: process.env['PATH'] }, detached: true }
    );
    closeSync(log);
    running.child = child;
    const late = new AbortController();
    const { activeDeadlineSeconds: seconds } = pod;
    const timer =
      seconds === undefined
        ? undefined
        : setTimeout(() => {
            late.abort();
            end(child);
          }, seconds * 1000);
    const [code, killed] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    if (late.signal.aborted) return { kind: 'deadline' };
    if (killed === 'SIGKILL') return { kind: 'killed' };
    return { kind: 'exited', code: code ?? 128 + (killed === null ? 0 : constants.signals[killed]) };
  }

  #mounts(pod: Pod): { readonly mountPath: string; readonly hostPath: string; readonly readOnly: boolean }[] {
    const env = environmentOf(pod.container, this.#settings);
    return (pod.container.volumeMounts ?? []).map(({ name, mountPath, subPath, subPathExpr, readOnly = false }) => {
      const volume = pod.volumes.find(one => one.name === name);
      const claim = volume?.persistentVolumeClaim?.claimName;
      const base = claim === undefined ? join(this.#options.folder, 'volumes', pod.name, name) : this.#claim(claim);
      return { mountPath, hostPath: join(base, subPath ?? expand(subPathExpr ?? '', env)), readOnly };
    });
  }

  get #settings(): Settings {
    return this.#options.settings ?? new Map();
  }

  #claim(name: string): string {
    return this.#options.claims.get(name) ?? join(this.#options.folder, 'claims', name);
  }

  #rootOf(pod: string): string {
    return join(this.#options.folder, 'roots', pod);
  }
}

/** Ends a pod with all its processes. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

/** What Argo's emissary does around a command: finds it, and says it when there is none. */
const EMISSARY = `cd "$1" || exit 64; shift
command -v "$1" >/dev/null || { echo "failed to find name in PATH: exec: \\"$1\\": executable file not found in \\$PATH" >&2; exit 64; }
exec "$@"`;

function bind(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** Lines as they come, with a time each that is the same however often they are read. */
async function* followed(pod: RunningPod, since: string | undefined, signal: AbortSignal): AsyncGenerator<string> {
  for (let shown = 0; !signal.aborted;) {
    const { isOver } = pod;
    const lines = readText(pod.log).split(/(?<=\n)/);
    const whole = isOver ? lines.length : lines.filter(line => line.endsWith('\n')).length;
    for (; shown < whole; shown++) {
      const time = `2026-01-01T00:00:00.${String(shown).padStart(9, '0')}Z`;
      const line = lines[shown] ?? '';
      if (line !== '' && (since === undefined || time >= since)) yield `${time} ${line}`;
    }
    if (isOver) return;
    await pause(5);
  }
}

function lastLines(text: string, count: number): string {
  const lines = text.split(/(?<=\n)/).filter(line => line !== '');
  return count === 0 ? '' : lines.slice(-count).join('');
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
