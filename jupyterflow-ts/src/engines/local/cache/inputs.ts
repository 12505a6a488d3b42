import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { isPattern, matches } from './glob.js';
import { digestFile, leavesBelow, type Leaf } from './tree.js';

/** Most files that a job may declare, and most bytes of them together. */
const MOST_FILES = 10_000;
const MOST_BYTES = 4 * 2 ** 30;

/** Digest of each file, by its path below the workspace. Of a link its target; it is not followed. */
export type Inputs = Readonly<Record<string, string>>;

/** What a job declares is more than is looked at. */
export class TooMuch extends Error {}

/**
 * The content of the files that a job declares.
 * @param workspace The folder of the workflow, open.
 * @param workdir The working folder below it.
 * @throws TooMuch
 */
export async function inputsOf(workspace: FileHandle, workdir: string, declared: readonly string[]): Promise<Inputs> {
  const found = new Map<string, string>();
  const total = { bytes: 0 };
  for (const one of declared) {
    const path = posix.join(workdir, one);
    const isWanted = isPattern(path) ? (of: string) => matches(path, of) : () => true;
    let any = false;
    for await (const leaf of leavesBelow(workspace, fixedPart(path))) {
      if (!isWanted(leaf.path)) continue;
      any = true;
      if (found.has(leaf.path)) continue;
      found.set(leaf.path, await contentOf(leaf, total));
      if (found.size > MOST_FILES) throw new TooMuch(`it declares more than ${MOST_FILES} files`);
    }
    if (!any && !isPattern(path)) found.set(path, 'none');
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function contentOf(leaf: Leaf, total: { bytes: number }): Promise<string> {
  if (leaf.kind === 'link') return `link ${leaf.target}`;
  if (leaf.kind === 'other') return 'other';
  total.bytes += (await leaf.file.stat()).size;
  if (total.bytes > MOST_BYTES) throw new TooMuch(`it declares more than ${MOST_BYTES / 2 ** 30} GiB of files`);
  return (await digestFile(leaf.file)).digest;
}

/** The names before the first one with a wildcard. */
function fixedPart(path: string): string {
  const segments = path.split('/');
  const wild = segments.findIndex(isPattern);
  return segments.slice(0, wild < 0 ? segments.length : wild).join('/');
}
