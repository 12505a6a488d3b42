import { randomUUID } from 'node:crypto';
import { link, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine.js';
import { identify, isAlive, type ProcessIdentity } from './processes.js';

const LOCK = /^\.lock-(\d+)$/;

/**
 * Takes a folder for this process alone, until the returned function is called or the process dies.
 *
 * Each owner in turn has a file with the next number, so that of many who find the last owner dead, one makes the next
 * file. The last file is never deleted, only emptied, so numbers are not used again.
 * @throws Error when another process that still lives has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const draft = join(folder, `.lock.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(await identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      const mine = (await lastLock(folder)) + 1;
      await refuseIfHeld(folder, mine - 1);
      // A link appears with its text or not at all, and never over another one.
      if (!(await linked(draft, pathOf(folder, mine)))) continue;
      // A listing may miss what is renewed meanwhile; the one with the highest number has the folder.
      if ((await lastLock(folder)) > mine) await rm(pathOf(folder, mine));
      else return await own(folder, mine);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function own(folder: string, mine: number): Promise<() => Promise<void>> {
  for (const old of (await locks(folder)).filter(number => number < mine))
    await rm(pathOf(folder, old), { force: true });
  return () => truncate(pathOf(folder, mine));
}

async function refuseIfHeld(folder: string, number: number): Promise<void> {
  const owner = await readOwner(pathOf(folder, number));
  if (owner !== undefined && (await isAlive(owner))) {
    throw new EngineError(
      'FOLDER_IN_USE',
      `the folder ${folder} is used by another engine, process ${owner.pid}; end that one or choose another folder`
    );
  }
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (error instanceof SyntaxError || isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function lastLock(folder: string): Promise<number> {
  return Math.max(0, ...(await locks(folder)));
}

async function locks(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap(name => {
    const number = LOCK.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function pathOf(folder: string, number: number): string {
  return join(folder, `.lock-${number}`);
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
