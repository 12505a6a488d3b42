import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { EngineRun } from '../../engines/engine.js';
import { readRecord, Records } from '../../engines/local/records.js';
import type { Order } from './supervise.js';
import { isAlive, type ProcessIdentity } from '../../engines/local/processes.js';

/** What the engine does not know of a run. */
export interface About {
  /** Also the name of the run, and of its folder. */
  readonly id: string;
  readonly workflow: string;
  readonly workspace: string;
  readonly sourceDigest: string;
  /** The process that carries the run out. */
  readonly supervisor: ProcessIdentity;
}

export interface StoredRun {
  readonly about: About;
  readonly run: EngineRun;
}

/** Runs of this machine: `<folder>/<id>/about.json`, and below `<id>/engine` what its engine keeps. */
export class RunStore {
  readonly #folder: string;

  constructor(folder = runsFolder()) {
    this.#folder = folder;
  }

  folderOf(id: string): string {
    return join(this.#folder, id);
  }

  engineFolder(id: string): string {
    return join(this.folderOf(id), 'engine');
  }

  logPath(id: string, job: string, attempt: number): string {
    return new Records(this.engineFolder(id)).logPath(id, job, attempt);
  }

  /** Makes the folder of a new run. Rejects with EEXIST when there is one of that id. */
  async create(id: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await mkdir(this.folderOf(id), { mode: 0o700 });
  }

  writeAbout(about: About): Promise<void> {
    return writeJson(join(this.folderOf(about.id), 'about.json'), about);
  }

  /** Keeps what is needed to go on with the run; only the user can read it. */
  writeOrder(order: Order): Promise<void> {
    return writeJson(join(this.folderOf(order.about.id), 'order.json'), order);
  }

  /** Undefined for a run of a version that kept none. */
  readOrder(id: string): Promise<Order | undefined> {
    return readJson(join(this.folderOf(id), 'order.json'));
  }

  async ids(): Promise<readonly string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  }

  /** Undefined for a run that does not exist or was never accepted. */
  async read(id: string): Promise<StoredRun | undefined> {
    if (!/^[a-z0-9][-a-z0-9]*$/.test(id)) return undefined;
    const about = await readJson<About>(join(this.folderOf(id), 'about.json'));
    const record = await readRecord(join(this.engineFolder(id), id));
    return about === undefined || record === undefined ? undefined : { about, run: record.run };
  }

  /** Is its supervisor at work? */
  isSupervised({ supervisor }: About): Promise<boolean> {
    return isAlive(supervisor);
  }
}

/** Where the runs of this machine are kept (XDG Base Directory Specification, 0.8). */
export function runsFolder(): string {
  const data = process.env['XDG_DATA_HOME'];
  return join(data?.startsWith('/') ? data : join(homedir(), '.local', 'share'), 'jupyterflow', 'runs');
}

async function writeJson(path: string, value: unknown): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(value));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
