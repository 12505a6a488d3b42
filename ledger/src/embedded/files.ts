import { access, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a log, in its folder. */
export const FILES = {
  /** One entry a line. */
  log: 'log.jsonl',
  /** The last signed checkpoint. */
  checkpoint: 'checkpoint',
  /** Key of the log, PKCS#8 DER in base64: a secret. */
  key: 'log.key',
  /** Its public half, as a C2SP verifier. */
  publicKey: 'log.pub',
  /** Who writes the log. */
  lock: 'lock'
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
export async function replaceFile(folder: string, name: string, text: string, mode = 0o644): Promise<void> {
  const replace = await prepareFile(folder, name, text, mode);
  await replace();
}

/**
 * The first half of replacing a file: the text is on disk as `<file>.new`, a name for this alone.
 *
 * @returns the second half
 */
export async function prepareFile(
  folder: string,
  name: string,
  text: string,
  mode = 0o644
): Promise<() => Promise<void>> {
  const path = join(folder, name);
  const fresh = `${path}.new`;
  const handle = await open(fresh, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return async () => {
    await rename(fresh, path);
    await syncFolder(folder);
  };
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
