import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAll, type Disk } from './disk.js';

/** The files of a log, in its folder. */
export const FILES = {
  /** One entry a line; those after the first segment are in files of their own. */
  log: 'log.jsonl',
  /** The last signed checkpoint. */
  checkpoint: 'checkpoint',
  /** Key of the log, PKCS#8 DER in base64: a secret. */
  key: 'log.key',
  /** Its public half, as a C2SP verifier. */
  publicKey: 'log.pub',
  /** Who writes the log. */
  lock: 'lock',
  /** The state at some size of the log: may be removed. */
  snapshot: 'cache.snapshot',
  /** What each entry changed: may be removed. */
  events: 'cache.events'
} as const;

/** Reads a small file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Replaces a file: after a crash there is the old one or the new one, whole. */
export async function replaceFile(
  disk: Disk,
  folder: string,
  name: string,
  content: string | Uint8Array,
  mode = 0o644
): Promise<void> {
  const replace = await prepareFile(disk, folder, name, content, mode);
  await replace();
}

/**
 * The first half of replacing a file: the content is on disk as `<file>.new`, a name for this alone.
 *
 * @returns the second half
 */
export async function prepareFile(
  disk: Disk,
  folder: string,
  name: string,
  content: string | Uint8Array,
  mode = 0o644
): Promise<() => Promise<void>> {
  const path = join(folder, name);
  const fresh = `${path}.new`;
  const file = await disk.open(fresh, 'w', mode);
  try {
    await writeAll(file, typeof content === 'string' ? Buffer.from(content) : content);
    await file.sync();
  } finally {
    await file.close();
  }
  return async () => {
    await disk.rename(fresh, path);
    await syncFolder(disk, folder);
  };
}

/** Makes the names in a folder durable. */
export async function syncFolder(disk: Disk, folder: string): Promise<void> {
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
