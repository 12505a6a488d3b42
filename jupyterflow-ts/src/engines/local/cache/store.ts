import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, digestOfBytes } from '../canonical.js';
import { removeTree } from '../records.js';
import type { Parts } from './key.js';

/** Longest that a result is kept without being used, in milliseconds. */
const LONGEST_UNUSED = 30 * 24 * 3600 * 1000;
/** Most bytes of a scope's results; the ones that were used last are kept. */
const MOST_KEPT = 2 ** 30;
/** Most bytes and files of one result. */
export const RESULT_LIMIT = { bytes: 64 * 2 ** 20, files: 1000 } as const;

/** A file that a job left. */
export interface ResultFile {
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

/** What a job left, and what made it. */
export interface Result {
  readonly parts: Parts;
  readonly values: Readonly<Record<string, string>>;
  /** Of its OUTPUT_DIR. */
  readonly files: readonly ResultFile[];
}

/** A result that was found. */
export interface Found extends Result {
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
}

interface Entry {
  readonly parts: Parts;
  readonly values: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly executable: boolean; readonly digest: string }[];
  readonly at: number;
}

/** Results of jobs by their keys: a folder each, which is made aside and appears as a whole. */
export class ResultStore {
  readonly #folder: string;

  /** @param folder Of one scope. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The result of a key; one that is not what was put there counts as none, and goes. */
  async find(key: string): Promise<Found | undefined> {
    const folder = join(this.#folder, key);
    try {
      const found = await readResult(folder);
      const now = new Date();
      await utimes(folder, now, now);
      return found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await exists(folder))) await removeTree(folder);
      return undefined;
    }
  }

  /** Keeps a result. */
  async put(key: string, { parts, values, files }: Result, now: number): Promise<void> {
    const aside = join(this.#folder, `.${randomUUID()}`);
    await mkdir(aside, { recursive: true, mode: 0o700 });
    try {
      const kept = files.map(({ path, executable, content }) => ({ path, executable, digest: digestOfBytes(content) }));
      for (const [number, { content }] of files.entries()) await writeSynced(join(aside, String(number)), content);
      const entry: Entry = { parts, values, files: kept, at: now };
      await writeSynced(join(aside, 'entry.json'), JSON.stringify({ entry, digest: digestOf(entry) }));
      await removeTree(join(this.#folder, key));
      await rename(aside, join(this.#folder, key));
    } catch (error) {
      await removeTree(aside);
      // Another engine may have put the same there meanwhile.
      if (!(await exists(join(this.#folder, key)))) throw error;
    }
  }

  /** What a job of a workflow was made of the last time. */
  async last(name: string): Promise<Parts | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, 'last', digestOf(name)), 'utf8')) as Parts;
    } catch {
      return undefined;
    }
  }

  async setLast(name: string, parts: Parts): Promise<void> {
    const folder = join(this.#folder, 'last');
    const aside = join(folder, `.${randomUUID()}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(aside, JSON.stringify(parts), { mode: 0o600 });
    await rename(aside, join(folder, digestOf(name)));
  }

  /** Deletes what was not used for long, and what is over the limit, the longest unused first. */
  async clean(now: number): Promise<void> {
    const names = (await readdir(this.#folder).catch(() => [])).filter(name => name !== 'last');
    const all = await Promise.all(
      names.map(async name => ({ folder: join(this.#folder, name), ...(await measure(join(this.#folder, name))) }))
    );
    let kept = 0;
    for (const { folder, size, used } of all.sort((a, b) => b.used - a.used)) {
      kept += size;
      if (kept > MOST_KEPT || now - used > LONGEST_UNUSED) await removeTree(folder);
    }
    const last = join(this.#folder, 'last');
    for (const name of await readdir(last).catch(() => [])) {
      const { mtimeMs } = await stat(join(last, name)).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs > LONGEST_UNUSED) await removeTree(join(last, name));
    }
  }
}

async function readResult(folder: string): Promise<Found> {
  const { entry, digest } = JSON.parse(await readFile(join(folder, 'entry.json'), 'utf8')) as {
    entry: Entry;
    digest: string;
  };
  if (digestOf(entry) !== digest) throw new Error('the entry is not what was put there');
  const files = await Promise.all(
    entry.files.map(async ({ path, executable, digest: expected }, number) => {
      const content = await readFile(join(folder, String(number)));
      if (digestOfBytes(content) !== expected) throw new Error('a file is not what was put there');
      return { path, executable, content };
    })
  );
  return { ...entry, files };
}

async function measure(folder: string): Promise<{ readonly size: number; readonly used: number }> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size)).catch(() => []);
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }));
  return { size: sizes.reduce((sum, size) => sum + size, 0), used: mtimeMs };
}

async function writeSynced(path: string, content: Buffer | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  );
}
