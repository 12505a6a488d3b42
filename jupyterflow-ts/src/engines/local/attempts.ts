import { join } from 'node:path';
import { EngineError } from '../engine.js';
import { workdirOf } from './check.js';
import { environmentOf, type Command } from './command.js';
import type { Fifos } from './fifos.js';
import type { Going } from './going.js';
import { LogWriter } from './log.js';
import { readOutputs } from './outputs.js';
import type { RecordedProcess } from './processes.js';
import type { Records } from './records.js';
import type { ActiveRun } from './run.js';
import type { AttemptEnd, Sandbox } from './sandbox.js';
import { makeOutputFolder } from './temporary.js';
import { after, inWords } from './timer.js';
import { outOfWalltime, type JobEnd } from './verdict.js';
import { workspacePath } from './workspace.js';

/** How long a log waits for processes that left their job's process group, in milliseconds. */
const LOG_PATIENCE = 1000;

/** What attempts are run with. */
export interface AttemptParts {
  readonly records: Records;
  readonly sandbox: Sandbox;
  readonly fifos: Fifos;
  /** Variables of each job; what a job declares itself wins. */
  readonly env: Readonly<Record<string, string>>;
}

/** An attempt that is to be run. */
export interface AttemptOrder {
  readonly going: Going;
  readonly node: number;
  /** Its number, from 1. */
  readonly attempt: number;
  readonly command: Command;
  /** Called with what has to be ended should this engine die. */
  readonly onProcesses: (processes: readonly RecordedProcess[]) => void;
}

/** Runs attempts of jobs, each from its log's first byte to its last. */
export class Attempts {
  readonly #parts: AttemptParts;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** Never rejects: what goes wrong is how the attempt ended. */
  async execute(order: AttemptOrder): Promise<JobEnd> {
    const { node, attempt } = order;
    const { run, entry } = order.going;
    const path = this.#parts.records.logPath(run.id, run.planJob(node).name, attempt);
    let log: LogWriter | undefined;
    try {
      log = new LogWriter(path, await this.#parts.fifos.take(), entry.output);
      const end = await this.#run(order, log);
      await log.finish(LOG_PATIENCE, end.kind === 'exited' ? end.note : undefined);
      return end.kind === 'exited' && end.code === 0 ? { ...end, ...(await this.#left(order)) } : end;
    } catch (error) {
      await log?.finish(LOG_PATIENCE).catch(() => undefined);
      return { kind: 'error', reason: `the job could not be started: ${describe(error)}` };
    }
  }

  async #run({ going, node, attempt, command, onProcesses }: AttemptOrder, log: LogWriter): Promise<AttemptEnd> {
    const { run } = going;
    const { home, mounts: all } = run.submission;
    const { sandbox, records, env } = this.#parts;
    const job = run.planJob(node);
    const mounts = all.get(run.planned(node).name) ?? [];
    const temporary = records.temporaryOf(run.id);
    const view = sandbox.view(home, temporary);
    const workdir = view.locate(workdirOf(job, workspacePath(home), mounts));
    makeOutputFolder(temporary, job.name);
    if (run.endingOf(node) !== undefined) return { kind: 'error', reason: 'the run is being ended' };
    const started = await sandbox.start({
      argv: command.argv,
      ...(command.script === undefined
        ? {}
        : { script: { text: command.script, path: join(records.folderOf(run.id), job.name, `${attempt}.script`) } }),
      env: environmentOf(run.id, job.name, attempt, view, env, command.env),
      workdir,
      home,
      mounts,
      temporary,
      output: log.output
    });
    run.started(node, started);
    log.seal();
    void started.processes.then(onProcesses);
    return inTime(run, node, started.ended);
  }

  /** What a job that went well left. */
  async #left({ going: { run, cache }, node }: AttemptOrder): Promise<Pick<JobEnd, 'outputs' | 'missing'>> {
    const job = run.planJob(node);
    const { home, mounts } = run.submission;
    const roots = { home, temporary: this.#parts.records.temporaryOf(run.id) };
    const workdir = workdirOf(job, workspacePath(home), mounts.get(run.planned(node).name) ?? []);
    const outputs = await readOutputs(job, workdir, roots);
    if ('missing' in outputs) return outputs;
    // A result that can't be kept is none the worse.
    await cache?.put(job.name, outputs.values).catch(() => undefined);
    return job.outputs === undefined ? {} : { outputs: outputs.values };
  }
}

/** Ends an attempt that takes longer than it may, or than all of its job's attempts together may. */
function inTime(run: ActiveRun, node: number, ended: Promise<AttemptEnd>): Promise<AttemptEnd> {
  const { timeout = Infinity, walltime = Infinity } = run.planJob(node);
  const left = walltime * 1000 - run.elapsed(node, Date.now());
  const limit = Math.max(0, Math.min(timeout * 1000, left));
  if (limit === Infinity) return ended;
  const reason = left < timeout * 1000 ? outOfWalltime(walltime) : `timed out after ${inWords(timeout)}`;
  const cancel = after(limit, () => run.timeOut(node, reason));
  return ended.finally(cancel);
}

/** An error without the paths that a system's message holds. */
export function describe(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? 'internal error';
}
