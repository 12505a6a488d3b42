import { lstat, mkdir, open, readFile, readdir, rename, rm, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal, readJournal, type Beginning, type RunRecord } from './journal.js';

const JOURNAL = 'journal.jsonl';
/** The record of a run before there were journals: one file, written anew at each change. */
const OLD_RECORD = 'run.json';
const REMOVED = '.removed-';

/** The folder of run records; what changes is on disk before it resolves. */
export class Records {
  constructor(readonly folder: string) {}

  folderOf(id: string): string {
    return join(this.folder, id);
  }

  /** Where the log of an attempt is. */
  logPath(id: string, job: string, attempt: number): string {
    return join(this.folderOf(id), job, `${attempt}.log`);
  }

  /** The folder that the jobs of a run share. */
  temporaryOf(id: string): string {
    return join(this.folderOf(id), '.tmp');
  }

  /** Makes the folder and the journal of a new run; without a record in it the run was never accepted. */
  async create(beginning: Beginning): Promise<Journal> {
    const folder = this.folderOf(beginning.run.id);
    await mkdir(folder, { mode: 0o700 });
    await syncFolder(this.folder);
    try {
      return await this.#begin(beginning);
    } catch (error) {
      await removeTree(folder);
      throw error;
    }
  }

  /** Goes on with the record of a run that is there already. */
  async resume(beginning: Beginning): Promise<Journal> {
    try {
      return await Journal.resume(join(this.folderOf(beginning.run.id), JOURNAL));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return this.#begin(beginning);
    }
  }

  /** Every record. What was never acknowledged, or was being removed when the last engine died, goes. */
  async readAll(): Promise<RunRecord[]> {
    const records: RunRecord[] = [];
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      if (entry.name.startsWith(REMOVED)) {
        await removeTree(join(this.folder, entry.name));
      } else if (isRunId(entry.name)) {
        const record = await readRecord(this.folderOf(entry.name));
        if (record === undefined) await removeTree(this.folderOf(entry.name));
        else records.push(record);
      }
    }
    return records;
  }

  async remove(id: string): Promise<void> {
    const aside = join(this.folder, REMOVED + id);
    await rename(this.folderOf(id), aside);
    await syncFolder(this.folder);
    await removeTree(aside);
  }

  async #begin(beginning: Beginning): Promise<Journal> {
    const folder = this.folderOf(beginning.run.id);
    const journal = await Journal.create(join(folder, JOURNAL), beginning);
    await syncFolder(folder);
    return journal;
  }
}

/**
 * The record in the folder of a run, or undefined when it was never accepted.
 * @throws Error when the record can't be made out.
 */
export async function readRecord(folder: string): Promise<RunRecord | undefined> {
  let path = join(folder, JOURNAL);
  try {
    const record = await readJournal(path);
    if (record !== undefined) return record;
    path = join(folder, OLD_RECORD);
    return JSON.parse(await readFile(path, 'utf8')) as RunRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`the run record ${path} can't be read; repair it or move its folder away`, { cause: error });
  }
}

/** Whether an id can be the name of a run's folder: it never leads anywhere else, nor to the engine's own files. */
export function isRunId(id: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(id);
}

/** Deletes a folder whatever permissions a job left in it. Follows no link. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await openUp(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function openUp(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await openUp(join(path, name));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
