import { mkdir, readdir, stat } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Engine as EnginePort, EngineRun, JobForecast, RetryOptions, Submission } from '../engine.js';
import { Budget } from './budget.js';
import { BubblewrapSandbox } from './bubblewrap.js';
import { ResultStore } from './cache/store.js';
import { Engine } from './engine.js';
import { Fifos } from './fifos.js';
import { Inherited } from './inherited.js';
import { interrupted } from './interrupted.js';
import { lockFolder } from './lock.js';
import { PlainProcesses } from './plain.js';
import { endMarked, endRecorded } from './processes.js';
import { Records } from './records.js';

import { without } from './without.js';
import { isPlainAbsolute } from './workspace.js';

/** How jobs are run on this machine. */
export interface LocalEngineOptions {
  /** Run records and logs: `<folder>/<id>/journal.jsonl`, `<folder>/<id>/<job>/<attempt>.log`. One engine at a time uses it. */
  readonly folder: string;
  /** Most jobs at once over all runs. Default: the number of processors. */
  readonly slots?: number;
  /** Processors that jobs at once may ask for. Default: those of the machine. */
  readonly cpu?: number;
  /** Bytes of memory that jobs at once may ask for. Default: what this process may use of the machine's. */
  readonly memory?: number;
  /** Results of cached jobs. Default: below `folder`. Several engines may use it at once. */
  readonly cache?: string;
  /** Default 'bubblewrap'. 'none' runs jobs as plain processes and refuses submissions with mounts. */
  readonly sandbox?: 'bubblewrap' | 'none';
  /** Further folders of this machine that jobs see read-only at the same path: a Python prefix, a virtual environment, ... */
  readonly readOnly?: readonly string[];
  /** Environment of each job; what a job declares itself wins. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The engine of one machine. */
export interface LocalEngine extends EnginePort {
  retry(submission: Submission, options?: RetryOptions): Promise<EngineRun>;
  /** What would become of each job if this were submitted now, and why; nothing is started. */
  explain(submission: Submission): Promise<readonly JobForecast[]>;
  /** Ends every run that is going, with this reason, and lets go of the folder. */
  close(reason: string): Promise<void>;
}

/**
 * Opens the engine of this machine. Runs that were going when the last one died end as Error, with their logs kept.
 * @throws Error when another engine uses the folder, or a read-only folder does not exist.
 */
export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const { folder, readOnly = [], env = {} } = options;
  const { slots = availableParallelism(), cpu = availableParallelism(), memory = usableMemory() } = options;
  await checkReadOnly(readOnly);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  try {
    const records = new Records(folder);
    const finished = await recover(records);
    const inherited = new Inherited();
    const sandbox =
      options.sandbox === 'none'
        ? new PlainProcesses(inherited)
        : new BubblewrapSandbox({ folder: join(folder, '.etc'), readOnly, inherited });
    const fifos = await Fifos.open(join(folder, '.fifos'));
    const cache = options.cache ?? join(folder, '.cache');
    const cleaned = cleanResults(cache);
    const release = async (): Promise<void> => {
      await cleaned;
      await sandbox.close();
      inherited.close();
      await fifos.close();
      await unlock();
    };
    return new Engine({
      records,
      cache,
      sandbox,
      fifos,
      budget: new Budget({ slots, cpu, memory }),
      env,
      finished,
      release
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** All runs of the folder, oldest first; those that a dead engine left are ended. */
async function recover(records: Records): Promise<readonly EngineRun[]> {
  const runs: EngineRun[] = [];
  for (const { run, processes } of await records.readAll()) {
    if (run.finishedAt !== undefined) {
      runs.push(run);
      continue;
    }
    const temporary = records.temporaryOf(run.id);
    for (const process of processes) await endRecorded(process);
    // Without a sandbox a process outlives the engine, also one that began too late to be recorded.
    await endMarked({ TEMPORARY_FOLDER: temporary });
    const ended = interrupted(run, 'the engine stopped while the run was going', Date.now());
    const journal = await records.resume({ run: ended });
    await journal.write({ ...without(ended, 'id', 'startedAt'), processes: [] }).finally(() => journal.close());
    runs.push(ended);
  }
  return runs.sort((a, b) => a.startedAt - b.startedAt);
}

/** What was not used for long goes; it is no harm when that can't be done. */
async function cleanResults(folder: string): Promise<void> {
  for (const scope of await readdir(folder).catch(() => [])) {
    await new ResultStore(join(folder, scope)).clean(Date.now()).catch(() => undefined);
  }
}

/** Bytes of memory of the machine, or of the control group that this process is in. */
function usableMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

async function checkReadOnly(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!isPlainAbsolute(folder) || !(await stat(folder).catch(() => undefined))) {
      throw new Error(`the read-only folder ${folder} does not exist`);
    }
  }
}
