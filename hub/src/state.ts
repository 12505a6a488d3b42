import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from './people.js';

/** Everything that is kept, in one folder; removing it forgets all. */
export interface State {
  readonly folder: string;
  /** Log files of every part. */
  readonly logs: string;
  /** What the organizations' data lies in: a folder an organization. */
  readonly data: string;
  /** JupyterHub's own database, and the settings that it and the platform read. */
  readonly hub: string;
  /** Marks that the first start, with its datasets and its tour, is done. */
  readonly ready: string;
}

const FOLDERS = ['ledger', 'vault', 'db', 'homes', 'data', 'runs', 'logs', 'hub'];

/** Makes the folders that are missing; only their owner may look into them. */
export async function openState(folder: string): Promise<State> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  return {
    folder,
    logs: join(folder, 'logs'),
    data: join(folder, 'data'),
    hub: join(folder, 'hub'),
    ready: join(folder, 'hub', 'ready')
  };
}

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** The passwords by user name: those in the file, and a random one for everyone who has none yet. */
export async function passwords(state: State, people: readonly Person[]): Promise<ReadonlyMap<string, string>> {
  const path = join(state.folder, 'passwords.json');
  const kept = new Map<string, string>(
    (await exists(path)) ? Object.entries(JSON.parse(await readFile(path, 'utf8')) as Record<string, string>) : []
  );
  const all = new Map(people.map(({ name }) => [name, kept.get(name) ?? randomBytes(12).toString('base64url')]));
  await writePrivate(path, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  return all;
}

/** Whether something is at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  );
}

/** Another start is using the state folder. */
export class StateInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `STATE_IN_USE: another start (process ${pid}) is using ${folder}. Stop it with Ctrl-C there, or give another folder with --state.`
    );
    this.name = 'StateInUse';
  }
}

/**
 * Takes the state folder for this process.
 * @returns how to give it back
 * @throws {@link StateInUse}
 */
export async function lockState(state: State): Promise<() => Promise<void>> {
  const path = join(state.hub, 'start.pid');
  const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && (await isStart(holder))) throw new StateInUse(state.folder, holder);
  await writeFile(path, `${process.pid}\n`, { mode: 0o600 });
  return () => rm(path, { force: true });
}

/** Whether a process is a start of JupyterFlow: the number alone may have been given to another since. */
async function isStart(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.includes('start.mjs');
}
