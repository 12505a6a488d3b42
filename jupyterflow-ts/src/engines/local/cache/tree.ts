import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readlink, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Something below a folder. */
export type Leaf =
  | { readonly path: string; readonly kind: 'file'; readonly file: FileHandle }
  | { readonly path: string; readonly kind: 'link'; readonly target: string }
  | { readonly path: string; readonly kind: 'other' };

/**
 * Files and links at a path below a folder and in the folders of it, in a fixed order. What is there is others': each
 * folder is opened through the one above, and no link is followed. A file is open as long as the caller looks at it.
 */
export async function* leavesBelow(root: FileHandle, path = ''): AsyncGenerator<Leaf> {
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  const opened: FileHandle[] = [];
  try {
    let folder = root;
    for (const segment of segments.slice(0, -1)) {
      const below = await open(inFolder(folder, segment), FOLDER).catch(() => undefined);
      if (below === undefined) return;
      opened.push(below);
      folder = below;
    }
    const last = segments.at(-1);
    if (last === undefined) yield* walk(root, '');
    else yield* leaf(folder, last, segments.join('/'));
  } finally {
    for (const folder of opened) await folder.close();
  }
}

async function* walk(folder: FileHandle, path: string): AsyncGenerator<Leaf> {
  const names = (await readdir(inFolder(folder, '.'))).sort();
  for (const name of names) yield* leaf(folder, name, join(path, name));
}

async function* leaf(folder: FileHandle, name: string, path: string): AsyncGenerator<Leaf> {
  const found = await open(inFolder(folder, name), FILE).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (!('fd' in found)) {
    if (found.code === 'ENOENT') return;
    const target = found.code === 'ELOOP' ? await readlink(inFolder(folder, name)).catch(() => undefined) : undefined;
    yield target === undefined ? { path, kind: 'other' } : { path, kind: 'link', target };
    return;
  }
  try {
    const stat = await found.stat();
    if (stat.isDirectory()) yield* walk(found, path);
    else if (stat.isFile()) yield { path, kind: 'file', file: found };
    else yield { path, kind: 'other' };
  } finally {
    await found.close();
  }
}

/** Puts a file below a folder, in the place of one that is there. No link is followed. */
export async function writeBelow(root: FileHandle, path: string, content: Buffer, mode: number): Promise<void> {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  const opened: FileHandle[] = [];
  try {
    let folder = root;
    for (const segment of segments) {
      await mkdir(inFolder(folder, segment)).catch(ignore('EEXIST'));
      folder = await open(inFolder(folder, segment), FOLDER);
      opened.push(folder);
    }
    await unlink(inFolder(folder, name)).catch(ignore('ENOENT'));
    const file = await open(inFolder(folder, name), 'wx', mode);
    await file.writeFile(content).finally(() => file.close());
  } finally {
    for (const folder of opened) await folder.close();
  }
}

/** Opens a folder that the engine chose itself. */
export function openFolder(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_DIRECTORY);
}

/** SHA-256 of the rest of a file, in hexadecimal, and its length in bytes. */
export async function digestFile(file: FileHandle): Promise<{ readonly digest: string; readonly size: number }> {
  const hash = createHash('sha256');
  const block = Buffer.alloc(256 * 1024);
  let size = 0;
  for (;;) {
    const { bytesRead } = await file.read(block, 0, block.length, size);
    if (bytesRead === 0) return { digest: hash.digest('hex'), size };
    hash.update(block.subarray(0, bytesRead));
    size += bytesRead;
  }
}

function inFolder(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

function ignore(code: string): (error: unknown) => void {
  return error => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
}
