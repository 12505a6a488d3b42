import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { EngineError, type Home, type Mount } from '../engine.js';

/** Device and inode of a folder as `stat -c %d:%i` prints them: what stays when names below the home change. */
export type FolderIdentity = string;

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/** Where jobs see the workspace. */
export function workspacePath(home: Home): string {
  return posix.join(home.mountPath, home.workspace);
}

/** Whether `path` is `folder` or inside of it. Both absolute and normal. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Whether a path is absolute, without `.`, `..`, doubled or trailing slashes. */
export function isPlainAbsolute(path: string): boolean {
  return (
    path.startsWith('/') &&
    !path.includes('\0') &&
    posix.normalize(path) === path &&
    (path === '/' || !path.endsWith('/'))
  );
}

/**
 * Finds the workspace without following a single link of the user's.
 * @throws EngineError INVALID_WORKSPACE when it is not a plain path of real folders.
 */
export async function findWorkspace(home: Home): Promise<FolderIdentity> {
  return walk(home.hostPath, checkedSegments(home.workspace), false);
}

/**
 * The workspace, open.
 * @throws EngineError INVALID_WORKSPACE when it is not a plain path of real folders.
 */
export function openWorkspace(home: Home): Promise<FileHandle> {
  return descend(home.hostPath, checkedSegments(home.workspace), false);
}

/**
 * Makes the folder on which data is mounted inside the workspace, without following a link.
 * @param path Relative to the home.
 * @throws EngineError INVALID_WORKSPACE when a part of it is something else than a folder.
 */
export async function makeMountPoint(home: Home, path: string): Promise<void> {
  await walk(home.hostPath, checkedSegments(path), true);
}

/**
 * Finds the folder that a job gets as data. Where it is on this machine is nobody's business, so errors only say where
 * the job would see it.
 * @throws EngineError INVALID_SUBMISSION when it is not there.
 */
export async function findData({ hostPath, mountPath }: Mount): Promise<FolderIdentity> {
  try {
    const folder = await open(hostPath, FOLDER);
    return await identityOf(folder).finally(() => folder.close());
  } catch {
    throw new EngineError('INVALID_SUBMISSION', `the data for ${mountPath} is not there or can't be opened`);
  }
}

/** Why a file is not opened, as the end of a sentence that begins with its path. */
export class OpenError extends Error {}

/** Opens a file below a folder for reading, without following a link or waiting for another end of a pipe. */
export async function openFileBelow(root: string, path: string): Promise<FileHandle | OpenError> {
  const segments = path.split('/');
  let folder = await open(root, FOLDER);
  try {
    for (const [depth, segment] of segments.entries()) {
      const last = depth === segments.length - 1;
      const flags = constants.O_NOFOLLOW | (last ? constants.O_RDONLY | constants.O_NONBLOCK : FOLDER);
      const below = await open(`/proc/self/fd/${folder.fd}/${segment}`, flags).catch(openErrorOf);
      if (below instanceof OpenError) return below;
      if (last) return await regular(below);
      await folder.close();
      folder = below;
    }
    return new OpenError('is no file');
  } finally {
    await folder.close();
  }
}

async function regular(file: FileHandle): Promise<FileHandle | OpenError> {
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return new OpenError('is no file');
}

function openErrorOf(error: unknown): OpenError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return new OpenError('does not exist');
    case 'ELOOP':
    case 'ENOTDIR':
      return new OpenError('is a link or leads through one');
    case 'ENXIO':
    case 'ENODEV':
      return new OpenError('is no file');
    default:
      return new OpenError("can't be opened");
  }
}

function checkedSegments(path: string): readonly string[] {
  if (path === '') return [];
  if (!isPlainAbsolute(`/${path}`)) {
    throw new EngineError('INVALID_WORKSPACE', `${JSON.stringify(path)} is not a plain path below the home`);
  }
  return path.split('/');
}

async function walk(root: string, segments: readonly string[], create: boolean): Promise<FolderIdentity> {
  const folder = await descend(root, segments, create);
  return identityOf(folder).finally(() => folder.close());
}

/** Goes down a folder at a time, each opened through the handle of the one above: a name that is swapped meanwhile leads nowhere else. */
async function descend(root: string, segments: readonly string[], create: boolean): Promise<FileHandle> {
  let folder = await open(root, FOLDER);
  for (const [depth, segment] of segments.entries()) {
    const above = folder;
    folder = await openBelow(above, segment, segments.slice(0, depth + 1).join('/'), create).finally(() =>
      above.close()
    );
  }
  return folder;
}

async function openBelow(folder: FileHandle, segment: string, shown: string, create: boolean): Promise<FileHandle> {
  const path = `/proc/self/fd/${folder.fd}/${segment}`;
  try {
    if (create) await mkdir(path, 0o755).catch(ignoreExisting);
    return await open(path, FOLDER | constants.O_NOFOLLOW);
  } catch (error) {
    throw new EngineError('INVALID_WORKSPACE', `${JSON.stringify(shown)} in the home ${whatIsWrong(error)}`);
  }
}

function whatIsWrong(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'does not exist';
    case 'ENOTDIR':
    case 'ELOOP':
      return 'is a link or a file; it has to be a real folder';
    case 'EACCES':
      return "can't be opened";
    default:
      throw error;
  }
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

async function identityOf(folder: FileHandle): Promise<FolderIdentity> {
  const { dev, ino } = await folder.stat({ bigint: true });
  return `${dev}:${ino}`;
}
