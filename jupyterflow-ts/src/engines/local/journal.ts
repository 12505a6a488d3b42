import { open, readFile, type FileHandle } from 'node:fs/promises';
import type { EngineJob, EngineRun } from '../engine.js';
import type { RecordedProcess } from './processes.js';
import { without } from './without.js';

/** What is kept of a run: nothing of its environment, its mounts or where they are on this machine. */
export interface RunRecord {
  readonly run: EngineRun;
  /** Processes of its jobs, to end them should the engine die. */
  readonly processes: readonly RecordedProcess[];
  /** Digest of what each job of the plan does. Absent in old records. */
  readonly digests?: Readonly<Record<string, string>>;
}

/** What changed of a run at once. */
export interface RunChange extends Omit<EngineRun, 'id' | 'startedAt' | 'jobs'> {
  /** All jobs in their order, when some were added or taken away. */
  readonly all?: readonly EngineJob[];
  /** Jobs that are other than before. */
  readonly jobs: readonly EngineJob[];
  /** Processes of jobs that have begun, by job. */
  readonly processes: readonly (readonly [job: string, processes: readonly RecordedProcess[]])[];
}

/** A run as it begins, or is gone on with. */
export type Beginning = Pick<RunRecord, 'run' | 'digests'>;

/** A line of a journal: a beginning, or what changed. Of jobs that change their edges are not repeated. */
type Line =
  Beginning | (Omit<RunChange, 'jobs'> & { readonly jobs: readonly Omit<EngineJob, 'dependsOn' | 'group'>[] });

const NEWLINE = 0x0a;

/**
 * The record of a run as a file of lines, one JSON value each, that only grows. A change is one line, so that it is there
 * as a whole or, when the machine stopped in the middle of it, not at all.
 */
export class Journal {
  readonly #file: FileHandle;
  #length: number;

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /** Begins the journal of a new run. */
  static async create(path: string, beginning: Beginning): Promise<Journal> {
    const journal = new Journal(await open(path, 'wx', 0o600), 0);
    await journal.#append(beginning);
    return journal;
  }

  /** Goes on with a journal; a line that was not finished is written over. */
  static async resume(path: string): Promise<Journal> {
    const file = await open(path, 'r+');
    try {
      const length = wholeLines(await file.readFile()).length;
      await file.truncate(length);
      return new Journal(file, length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The run goes on from here, whatever was before. */
  async begin(beginning: Beginning): Promise<void> {
    await this.#append(beginning);
  }

  /** Adds a change; it is on disk when this resolves. After a rejection, the next one takes its place. */
  async write({ jobs, ...change }: RunChange): Promise<void> {
    await this.#append({ ...change, jobs: jobs.map(job => without(job, 'dependsOn', 'group')) });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #append(line: Line): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#length + done);
      done += bytesWritten;
    }
    await this.#file.datasync();
    this.#length += bytes.length;
  }
}

/**
 * What a journal comes to, or undefined when there is none or its first line was never finished.
 * @throws SyntaxError when a line is none of a journal.
 */
export async function readJournal(path: string): Promise<RunRecord | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const lines = wholeLines(bytes).toString().split('\n').slice(0, -1);
  let record: RunRecord | undefined;
  const state = { jobs: new Map<string, EngineJob>(), processes: new Map<string, readonly RecordedProcess[]>() };
  for (const text of lines) {
    const line = JSON.parse(text) as Line;
    if ('run' in line) {
      record = { ...line, processes: [] };
      state.jobs = new Map(line.run.jobs.map(job => [job.name, job]));
      state.processes.clear();
    } else {
      if (record === undefined) throw new SyntaxError('the journal does not begin with its run');
      record = { ...record, run: apply(record.run, line, state) };
    }
  }
  if (record === undefined) return undefined;
  const run = { ...record.run, jobs: [...state.jobs.values()] };
  return { ...record, run, processes: [...state.processes.values()].flat() };
}

function apply(
  { id, startedAt }: EngineRun,
  { all, jobs, processes, ...head }: Exclude<Line, Beginning>,
  state: { jobs: Map<string, EngineJob>; processes: Map<string, readonly RecordedProcess[]> }
): EngineRun {
  if (all !== undefined) state.jobs = new Map(all.map(job => [job.name, job]));
  for (const job of jobs) {
    const before = state.jobs.get(job.name);
    if (before === undefined) throw new SyntaxError(`the journal does not know the job ${job.name}`);
    const { dependsOn, group } = before;
    state.jobs.set(job.name, { ...job, ...(group === undefined ? {} : { group }), dependsOn });
    if (job.phase !== 'Running') state.processes.delete(job.name);
  }
  for (const [job, of] of processes) state.processes.set(job, of);
  return { id, startedAt, ...head, jobs: [] };
}

/** The lines that were written to their end. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
}
