import { link, readFile, rm, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { identify, isAlive, type ProcessIdentity } from './processes.js';

/**
 * Takes a folder for this process alone, until the returned function is called or the process dies.
 * @throws Error when another process that still lives has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, '.lock');
  const mine = join(folder, `.lock-${randomUUID()}`);
  await writeFile(mine, JSON.stringify(await identify(process.pid)), { mode: 0o600 });
  try {
    // A link appears with its text or not at all, and never over another one.
    while (!(await linked(mine, path))) await removeStale(folder, path);
  } finally {
    await rm(mine, { force: true });
  }
  return () => rm(path, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead owner's lock away. When a new owner was quicker, its lock is put back. */
async function removeStale(folder: string, path: string): Promise<void> {
  await refuseIfHeld(folder, path);
  const aside = `${path}-${randomUUID()}`;
  try {
    await rename(path, aside);
    await refuseIfHeld(folder, aside).catch(async (error: unknown) => {
      await linked(aside, path);
      throw error;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function refuseIfHeld(folder: string, path: string): Promise<void> {
  const owner = await readOwner(path);
  if (owner !== undefined && (await isAlive(owner))) {
    throw new Error(
      `the folder ${folder} is used by another engine, process ${owner.pid}; end that one or choose another folder`
    );
  }
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
