import { lstat, mkdir, open, readFile, readdir, rename, rm, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineRun } from '../engine.js';
import type { RecordedProcess } from './processes.js';

/** What is kept of a run: nothing of its environment, its mounts or where they are on this machine. */
export interface RunRecord {
  readonly run: EngineRun;
  /** Processes of its jobs, to end them should the engine die. */
  readonly processes: readonly RecordedProcess[];
}

const RECORD = 'run.json';
const REMOVED = '.removed-';

/** The folder of run records; every write is on disk before it resolves. */
export class Records {
  constructor(readonly folder: string) {}

  folderOf(id: string): string {
    return join(this.folder, id);
  }

  /** Makes the folder of a new run; without a record in it the run was never accepted. */
  async createFolder(id: string): Promise<void> {
    await mkdir(this.folderOf(id), { mode: 0o700 });
    await syncFolder(this.folder);
  }

  async write(record: RunRecord): Promise<void> {
    const folder = this.folderOf(record.run.id);
    const path = join(folder, RECORD);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(folder);
  }

  /** Every record. What was never acknowledged, or was being removed when the last engine died, goes. */
  async readAll(): Promise<RunRecord[]> {
    const records: RunRecord[] = [];
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      if (entry.name.startsWith(REMOVED)) {
        await removeTree(join(this.folder, entry.name));
      } else if (isRunId(entry.name)) {
        const record = await this.#read(entry.name);
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

  async #read(id: string): Promise<RunRecord | undefined> {
    const path = join(this.folderOf(id), RECORD);
    try {
      return JSON.parse(await readFile(path, 'utf8')) as RunRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Error(`the run record ${path} can't be read; repair it or move its folder away`, { cause: error });
    }
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
