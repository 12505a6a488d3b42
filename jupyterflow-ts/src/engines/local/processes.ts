import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
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
  return stat === undefined || stat.state === 'Z' ? undefined : { pid, startTime: stat.startTime, boot: bootId() };
}

/** The same without a pause in which the process could end. */
export function identifyNow(pid: number): ProcessIdentity | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat.state === 'Z' ? undefined : { pid, startTime: stat.startTime, boot: bootId() };
  } catch {
    return undefined;
  }
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  const now = await identify(process.pid);
  return now !== undefined && now.startTime === process.startTime && now.boot === process.boot;
}

export async function parentOf(pid: number): Promise<number | undefined> {
  return (await processStat(pid))?.parent;
}

/** Resolves when the process has ended. */
export function untilGone(process: ProcessIdentity): Promise<void> {
  return whileTrue(() => isAlive(process));
}

/** Resolves when every process of the group has ended. */
export function untilGroupGone(group: number): Promise<void> {
  return whileTrue(() => isGroupAlive(group));
}

/** Linux tells the end of a process only to its parent, so this looks again after 1, 2, 4, ... 50 ms. */
async function whileTrue(test: () => Promise<boolean>): Promise<void> {
  for (let wait = 1; await test(); wait = Math.min(wait * 2, 50)) await pause(wait);
}

/** A process that has ended and was not collected yet is still in its group, but does nothing any more. */
async function isGroupAlive(group: number): Promise<boolean> {
  if (!signal(-group, 0)) return false;
  const stats = await Promise.all((await processNumbers()).map(processStat));
  return stats.some(stat => stat?.group === group && stat.state !== 'Z');
}

/** Ends a process, and its group when it leads one, unless its number belongs to another process by now. */
export async function endRecorded(process: RecordedProcess): Promise<void> {
  const now = await identify(process.pid);
  if (process.boot !== bootId() || (now !== undefined && now.startTime !== process.startTime)) return;
  // A group keeps its number from being used again as long as one process is in it, also after its leader has ended.
  signal(process.group ? -process.pid : process.pid, 'SIGKILL');
  await (process.group ? untilGroupGone(process.pid) : untilGone(process));
}

/** Ends every process that was started with all of these variables, one at least, and what those start meanwhile. */
export async function endMarked(variables: Readonly<Record<string, string>>): Promise<void> {
  const markers = Object.entries(variables).map(([name, value]) => `\0${name}=${value}\0`);
  // Every process has all of none.
  if (markers.length === 0) return;
  await whileTrue(async () => {
    const marked = (await processNumbers()).map(async pid => {
      const environment = await environmentOf(pid);
      return markers.every(marker => environment.includes(marker)) ? [pid] : [];
    });
    const found = (await Promise.all(marked)).flat();
    return found.filter(pid => signal(pid, 'SIGKILL')).length > 0;
  });
}

/** Sends a signal to a process, or to a group when `pid` is negative. False when there is none. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly startTime: string;
}

/** Fields of /proc/PID/stat, see proc(5). The name of the program, in brackets, may itself hold brackets and spaces. */
async function processStat(pid: number): Promise<ProcessStat | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), group: Number(fields[2]), startTime: fields[19] ?? '' };
}

async function processNumbers(): Promise<number[]> {
  return (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
}

/** What a process of this user was started with; empty for others' and for one that has ended. */
async function environmentOf(pid: number): Promise<string> {
  return `\0${await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')}`;
}

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
