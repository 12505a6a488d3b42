import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the start of the machine to that of the process. */
  readonly startTime: string;
  /** Which start of the machine. */
  readonly boot: string;
}

/** A process of a job, as a run's record keeps it. */
export interface RecordedProcess extends ProcessIdentity {
  /** Whether it leads a process group of its number. */
  readonly group: boolean;
}

/** The process of that number as it is now, or undefined when there is none (a zombie is none). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await processStat(pid);
  return stat === undefined || stat.state === 'Z'
    ? undefined
    : { pid, startTime: stat.startTime, boot: await bootId() };
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  const now = await identify(process.pid);
  return now !== undefined && now.startTime === process.startTime && now.boot === process.boot;
}

export async function parentOf(pid: number): Promise<number | undefined> {
  return (await processStat(pid))?.parent;
}

/** Resolves when the process has ended. Linux tells only parents, so this looks again after 1, 2, 4, ... 50 ms. */
export async function untilGone(process: ProcessIdentity): Promise<void> {
  for (let wait = 1; await isAlive(process); wait = Math.min(wait * 2, 50)) await pause(wait);
}

/** Ends a process, and its group when it leads one, unless its number belongs to another process by now. */
export async function endRecorded(process: RecordedProcess): Promise<void> {
  const now = await identify(process.pid);
  if (process.boot !== (await bootId()) || (now !== undefined && now.startTime !== process.startTime)) return;
  // A group keeps its number from being used again as long as one process is in it, also after its leader has ended.
  signal(process.group ? -process.pid : process.pid, 'SIGKILL');
  await untilGone(process);
}

/** Sends a signal to a process, or to a group when `pid` is negative. False when there is none. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Fields of /proc/PID/stat, see proc(5). The name of the program, in brackets, may itself hold brackets and spaces. */
async function processStat(pid: number): Promise<{ state: string; parent: number; startTime: string } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

let boot: Promise<string> | undefined;

function bootId(): Promise<string> {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(text => text.trim());
  return boot;
}
