import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { Storage } from '@jupyterflow/schema';

/** Why storage details can't be used, in words that do not repeat them. */
export class StorageError extends Error {
  override name = 'StorageError';
}

/**
 * Driver `directory`: the data is a directory below the data root of its organization.
 * @param root - data root of the organization; nothing outside of it can be lent
 * @param subPath - relative folder inside the data, '' for all of it
 * @returns absolute path without symbolic links, at or below which nothing of another organization lies
 * @throws StorageError
 */
export async function resolveDirectory(root: string, storage: Storage, subPath = ''): Promise<string> {
  if (!isPlain(storage.path)) {
    throw new StorageError('storage.path must be relative to the data folder of the organization, without "..".');
  }
  const top = await realpath(root).catch(() => undefined);
  const data = top && (await below(top, join(top, storage.path)));
  if (data === undefined) {
    throw new StorageError(
      'storage.path must name a directory that exists below the data folder of the organization. Put the data there first.'
    );
  }
  if (subPath === '') return data;
  const part = isPlain(subPath) ? await below(data, join(data, subPath)) : undefined;
  if (part === undefined) throw new StorageError('subPath must name a directory that exists in the data.');
  return part;
}

/** Relative, and what it says is where it leads. */
function isPlain(path: string): boolean {
  return !isAbsolute(path) && !path.includes('\0') && !path.includes('\\') && !path.split('/').includes('..');
}

/** The real path of a directory, if it is truly below another. */
async function below(folder: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return real.startsWith(folder + sep) && (await stat(real)).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}
