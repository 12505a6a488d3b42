import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
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
}

/**
 * Takes the lock of a folder. A lock whose process is gone is taken over.
 *
 * @returns how to let go of it
 * @throws {@link LedgerError} `LOCKED`, while another process has it
 */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, FILES.lock);
  const own = JSON.stringify(await self());
  // The lock appears with its content, and only where none is.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { flag: 'wx' });
  try {
    while (!(await tryLink(draft, path))) {
      const found = await readIfThere(path);
      if (found !== undefined) {
        await assertStale(found, folder, path);
        await removeStale(path, found);
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readIfThere(path)) === own) {
      await rm(path, { force: true });
    }
  };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Moves a stale lock away; when another process was quicker and this is its lock, puts that back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) {
    await tryLink(aside, path);
  }
  await rm(aside, { force: true });
}

async function assertStale(text: string, folder: string, path: string): Promise<void> {
  const holder = parse(text);
  const here = await self();
  if (holder.host === here.host) {
    const samePid = holder.boot === here.boot && isAlive(holder.pid);
    if (!samePid || (await startOf(holder.pid)) !== holder.started) {
      return;
    }
  }
  throw new LedgerError(
    'LOCKED',
    `The ledger in ${folder} is being written by process ${holder.pid} on ${holder.host}. Stop that process first, ` +
      `or use another folder. If that host is gone for good, remove ${path}.`
  );
}

function parse(text: string): Holder {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { pid = 0, started = '', host = 'an unknown host', boot = '' } = (value ?? {}) as Partial<Holder>;
  return { pid, started, host, boot };
}

async function self(): Promise<Holder> {
  const boot = (await readIfThere('/proc/sys/kernel/random/boot_id')) ?? '';
  return { pid: process.pid, started: await startOf(process.pid), host: hostname(), boot: boot.trim() };
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
