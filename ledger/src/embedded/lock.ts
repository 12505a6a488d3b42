import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, readdir, readlink, rename, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LedgerError } from '../errors.js';
import { FILES, readIfThere } from './files.js';

/** A process, told apart from a later one that got the same number. */
interface Holder {
  readonly pid: number;
  /** When it started, in clock ticks since the boot; empty where the system does not say. */
  readonly started: string;
  readonly host: string;
  /** Of the running system; empty where it does not say. */
  readonly boot: string;
  /** Which numbers of processes it knows, such as those of a container; empty where the system does not say. */
  readonly pids: string;
  /** Whether the system keeps its file locked for as long as it lives. */
  readonly held: boolean;
}

/** How often two that ask at the same time try again, and how long they wait at most, ms. */
const ATTEMPTS = 4;
const PAUSE = 50;

/**
 * Takes the lock of a folder. Whoever wants it puts down a file of its own, `lock.<random>`, and only then looks for
 * those of others: of two, at least the later one sees the earlier. A name is never used twice, so the file of a process
 * that is gone can be removed without harm to the one who comes next.
 *
 * @returns how to let go of it
 * @throws {@link LedgerError} `LOCKED`, while another process has it
 */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt++) {
    const name = `${FILES.lock}.${randomUUID()}`;
    const path = join(folder, name);
    // The file appears with its content, so that nobody takes it for a damaged one.
    const file = await open(join(folder, `new-${name}`), 'wx');
    // The lock (flock(2)) is of the open file, which this process shares with the command, and goes with the last of them.
    const held = (await flock(file)) === 0;
    await file.writeFile(JSON.stringify({ ...(await self()), held }));
    await rename(join(folder, `new-${name}`), path);
    const letGo = async (): Promise<void> => {
      await rm(path, { force: true });
      await file.close();
    };
    const other = await otherHolder(folder, name);
    if (other === undefined) {
      return letGo;
    }
    await letGo();
    if (attempt === ATTEMPTS) {
      throw other;
    }
    await setTimeout(Math.random() * PAUSE);
  }
}

/** Tells of another who has or wants the lock; the files of those who are gone are removed. */
async function otherHolder(folder: string, own: string): Promise<LedgerError | undefined> {
  const names = await readdir(folder);
  for (const name of names.filter(file => file.startsWith(`${FILES.lock}.`) && file !== own)) {
    const path = join(folder, name);
    const text = await readIfThere(path);
    const holder = text === undefined ? undefined : parse(text);
    if (holder !== undefined && (await mayLive(holder, path))) {
      return new LedgerError(
        'LOCKED',
        `The ledger in ${folder} is being written by process ${holder.pid} on ${holder.host}. Stop that process first, ` +
          `or use another folder. If that host is gone for good, remove ${path}.`
      );
    }
    await rm(path, { force: true });
  }
  return undefined;
}

/** Of a process on another machine nobody here can tell. */
async function mayLive(holder: Holder, path: string): Promise<boolean> {
  const here = await self();
  if (holder.boot !== here.boot) {
    return holder.host !== here.host;
  }
  if (here.boot !== '' && holder.held) {
    return isHeld(path);
  }
  const isNear = holder.host === here.host && (holder.pids === here.pids || holder.pids === '');
  return !isNear || (isAlive(holder.pid) && (await startOf(holder.pid)) === holder.started);
}

/** Whether some process of this machine keeps a file locked, in whatever container; yes, where the system does not tell. */
async function isHeld(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
  try {
    return (await flock(file)) !== 0;
  } finally {
    await file.close();
  }
}

/** Exit code of the command flock(1), without waiting: 0, it has the lock. Undefined where there is no such command. */
function flock(file: FileHandle): Promise<number | undefined> {
  const [command, ...args] = ['flock', '-x', '-n', '3'] as const;
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore', file.fd] });
  return new Promise(resolve => {
    child.once('error', () => resolve(undefined));
    child.once('close', code => resolve(code ?? undefined));
  });
}

function parse(text: string): Holder {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const holder = (value ?? {}) as Partial<Holder>;
  const { pid = 0, started = '', host = 'an unknown host', boot = '', pids = '', held = false } = holder;
  return { pid, started, host, boot, pids, held };
}

async function self(): Promise<Omit<Holder, 'held'>> {
  const boot = (await readIfThere('/proc/sys/kernel/random/boot_id')) ?? '';
  const pids = await readlink('/proc/self/ns/pid').catch(() => '');
  return { pid: process.pid, started: await startOf(process.pid), host: hostname(), boot: boot.trim(), pids };
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may have spaces, so it is counted from the last parenthesis. */
async function startOf(pid: number): Promise<string> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives, though it may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
