import { open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file for this user only, so that after a crash there is the old one or the new one, whole.
 * @param writer - tells those apart who may write the same file at the same time
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  writer = String(process.pid)
): Promise<void> {
  const temporary = `${path}.${writer}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Deletes a file so that it stays deleted after a crash; one that is not there is fine. */
export async function deleteDurably(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await syncFolder(dirname(path));
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
