import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { canonicalJson, type RunRecord } from '@jupyterflow/ledger';
import type { Diagnostic, JobSelection, RetryRequest, Run, RunPage, RunRequest } from '@jupyterflow/schema';
import { EngineError, type Engine, type LogOptions, type Plan, type Submission } from 'jupyterflow-ts';
import { allJobs, compile, selectJobs } from 'jupyterflow-ts/core';
import type { Member } from '../auth/identity.js';
import { require, unknown, type Operation, type Relation } from '../auth/permissions.js';
import type { Clock } from '../clock.js';
import { Problem } from '../http/problem.js';
import { randomSuffix } from '../ids.js';
import type { Commander } from '../ledger/commander.js';
import type { Intent } from '../ledger/command-id.js';
import { SITE } from '../site.js';
import { resolveVolumes, type ResolveOptions, type SourceText } from './mounts.js';
import { factsOf, showRun, type Facts } from './show.js';
import { heldProblem, mayReview } from '../results/held.js';
import { findRun, listRuns, markRemoved, type RunQuery } from './store.js';
import type { Requests } from './requests.js';
import type { Fences, Grant } from '../storage/fences.js';
import type { Supervisor } from './supervisor.js';
import { usesOf } from './uses.js';
import { homeOf } from './workspace.js';

/** What the service of runs works with. */
export interface RunServiceOptions extends ResolveOptions {
  readonly commander: Commander;
  readonly engine: Engine;
  readonly engineName: 'local' | 'argo';
  readonly supervisor: Supervisor;
  readonly requests: Requests;
  readonly clock: Clock;
  /** Folder of all homes. */
  readonly homes: string;
  /** Where users see their home. */
  readonly home: string;
}

/** How a run begins, the first time or again. */
interface Beginning {
  readonly id: string;
  readonly intent: Intent;
  readonly begin: (submission: Submission) => Promise<unknown>;
  /** That of the run, where it has one. */
  readonly name?: string;
}

/** Most runs of a person at once, and most logs that they follow at once: more would take the others' share of this process. */
export const MOST_RUNS = 100;
export const MOST_FOLLOWED = 100;

/** Runs: compiled here again, under the caller's own leases, on the ledger before anything is mounted. */
export class RunService {
  readonly #options: RunServiceOptions;
  /** Logs that are being followed, by person. */
  readonly #followed = new Map<string, number>();

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  async start(caller: Member, request: RunRequest, intent: Intent): Promise<Run> {
    const { commander, engine } = this.#options;
    const done = await commander.repeated(intent);
    if (done) return this.get(caller, done.resource);
    const id = commander.newId(intent)('run');
    await this.#begin(caller, request, { id, intent, begin: submission => engine.submit(submission) });
    await this.#options.requests.keep(id, request).catch((error: unknown) => {
      this.#options.log.error({ err: error, run: id }, 'the file of a run could not be kept');
    });
    return this.get(caller, id);
  }

  /** Goes on with a run that has ended, under the leases that the caller holds now. */
  async retry(caller: Member, id: string, { from = [] }: RetryRequest, intent: Intent): Promise<Run> {
    const { commander, engine, requests } = this.#options;
    const run = await this.#find(caller, id, 'run:retry');
    const done = await commander.repeated(intent);
    if (done) return this.get(caller, id);
    if (run.state === 'Running') throw new Problem('WRONG_STATE', `The run ${id} is going. Stop it first.`);
    if (run.state === 'Succeeded' && from.length === 0)
      throw new Problem('WRONG_STATE', `The run ${id} succeeded. Name the jobs in \`from\` that are to run again.`);
    const request = await requests.find(id);
    if (request === undefined || !engine.retry || !(await engine.get(id)))
      throw new Problem('WRONG_STATE', `What the run ${id} left was not kept. Start it from the file again.`);
    const begin = (submission: Submission): Promise<unknown> =>
      engine.retry?.(submission, { from }) ?? engine.submit(submission);
    await this.#begin(caller, request, { id, intent, begin, name: (run.facts as unknown as Facts).name });
    return this.get(caller, id);
  }

  /** Compiles, finds the data, puts the start on the ledger, and only then has the engine begin. */
  async #begin(caller: Member, request: RunRequest, { id, intent, begin, name }: Beginning): Promise<void> {
    const { commander, clock, fences, homes, home: mountPath, engineName, supervisor } = this.#options;
    const home = await homeOf(homes, caller.user, mountPath, request.workspace);
    const source = { text: request.source, file: request.file ?? 'workflow.yaml' };
    const plan = compiled(source, request, mountPath);
    const { mounts, leases, jobs, grants } = await resolveVolumes(this.#options, caller, plan, source, clock.now());
    const facts = factsOf(plan, {
      name: name ?? `${plan.name}-${randomSuffix(5)}`,
      workspace: request.workspace,
      engine: engineName,
      sourceDigest: `sha256:${sha256(request.source)}`
    });
    const command = {
      type: 'run.start',
      run: id,
      leases: leases.map(one => one.id),
      plan: sha256(canonicalJson(plan)),
      images: [...new Set(allJobs(plan).flatMap(job => job.image ?? []))],
      facts: { ...facts },
      uses: usesOf(plan, jobs),
      site: SITE,
      egress: []
    } as const;
    const charge = { id, organization: caller.organization.id, user: caller.user, leases };
    if (supervisor.count(charge) >= MOST_RUNS)
      throw new Problem('RATE_LIMITED', `You have ${MOST_RUNS} runs that are going. Wait for one to end, or stop one.`);
    const record = async (): Promise<boolean> => !(await commander.commit(intent, () => command)).repeated;
    const admit = (job: string): string | undefined => fencedOff(fences, grants.get(job) ?? []);
    await supervisor.start(charge, { id, plan, home, mounts, admit }, record, begin).catch((error: unknown) => {
      throw this.#engineProblem(error);
    });
  }

  /** A new run of what another one was started with, under the leases that the caller holds now. */
  async resubmit(caller: Member, id: string, intent: Intent): Promise<Run> {
    await this.#find(caller, id, 'run:resubmit');
    const request = await this.#options.requests.find(id);
    if (request !== undefined) return this.start(caller, request, intent);
    throw new Problem('WRONG_STATE', `The file of the run ${id} was not kept. Start it from the file again.`);
  }

  async list(caller: Member, query: RunQuery): Promise<RunPage> {
    const { db, engine } = this.#options;
    const { rows, nextCursor } = await listRuns(db, { user: caller.user, organization: caller.organization.id }, query);
    const items = await Promise.all(rows.map(async run => showRun(run, await engine.get(run.id))));
    const waits = query.state === 'Pending' || query.state === 'Running';
    return { items: waits ? items.filter(run => run.state === query.state) : items, nextCursor };
  }

  async get(caller: Member, id: string): Promise<Run> {
    const run = await this.#find(caller, id, 'run:read');
    return showRun(run, await this.#options.engine.get(id));
  }

  /** What a job wrote. */
  async log(caller: Member, id: string, job: string, options: LogOptions): Promise<Readable> {
    const { engine } = this.#options;
    const held = heldProblem(await this.#find(caller, id, 'run:log'), caller);
    if (held) throw held;
    const live = await engine.get(id);
    if (!live) throw new Problem('NOT_FOUND', `There are no logs of ${id}: it never reached the engine.`);
    if (!live.jobs.some(one => one.name === job))
      throw new Problem('NOT_FOUND', `The run ${id} has no job ${job.slice(0, 80)}.`);
    const who = `${caller.organization.id} ${caller.user}`;
    if (options.follow === true && (this.#followed.get(who) ?? 0) >= MOST_FOLLOWED)
      throw new Problem('RATE_LIMITED', `You follow ${MOST_FOLLOWED} logs at once. Close one of them first.`);
    const log = Readable.from(engine.logs(id, job, options));
    if (options.follow === true) this.#count(who, log);
    return log;
  }

  /** Counts a log that is followed until it ends or its reader goes. */
  #count(who: string, log: Readable): void {
    this.#followed.set(who, (this.#followed.get(who) ?? 0) + 1);
    log.once('close', () => {
      const left = (this.#followed.get(who) ?? 1) - 1;
      if (left > 0) this.#followed.set(who, left);
      else this.#followed.delete(who);
    });
  }

  async stop(caller: Member, id: string): Promise<Run> {
    await this.#find(caller, id, 'run:stop');
    await this.#options.supervisor.stop(id, `stopped by ${caller.user}`);
    return this.get(caller, id);
  }

  /** Forgets a finished run with its logs; the ledger keeps that it was. */
  async remove(caller: Member, id: string): Promise<void> {
    const { db, engine } = this.#options;
    const run = await this.#find(caller, id, 'run:remove');
    if (run.state === 'Running') throw new Problem('WRONG_STATE', `The run ${id} is going. Stop it first.`);
    if (await engine.get(id)) await engine.remove(id);
    await this.#options.requests.forget(id);
    await markRemoved(db, id);
  }

  async #find(caller: Member, id: string, operation: Operation): Promise<RunRecord> {
    const run = await findRun(this.#options.db, id);
    const mine = run?.user === caller.user && run.organization === caller.organization.id;
    const relations = new Set<Relation>(mine ? ['self'] : []);
    if (run && mayReview(run, caller)) relations.add('owner');
    require(operation, id, relations);
    if (!run) throw unknown('run', id);
    return run;
  }

  #engineProblem(error: unknown): unknown {
    if (error instanceof Problem) return error;
    if (error instanceof EngineError && error.code === 'INVALID_WORKSPACE')
      return new Problem('INVALID_WORKSPACE', error.message);
    if (error instanceof EngineError && error.code === 'SECRET_MISSING')
      return new Problem('INVALID_WORKFLOW', `${error.message}: this platform keeps no secrets of its users.`);
    this.#options.log.error({ err: error }, 'the engine did not take a run');
    const why = error instanceof EngineError ? error.message : 'An administrator finds more in the log.';
    return new Problem('ENGINE_UNAVAILABLE', `The run could not be started: ${why}`);
  }
}

/** Why a job must not mount what it was going to: by the disk, for this process may have slept meanwhile. */
function fencedOff(fences: Fences, grants: readonly Grant[]): string | undefined {
  const problem = grants.map(grant => fences.problem(grant)).find(one => one !== undefined);
  return problem === undefined ? undefined : `FENCED: ${problem}`;
}

/**
 * The plan of a request, of the jobs that it selects.
 * @throws Problem INVALID_WORKFLOW with the diagnostics, INVALID_BODY for a selection that can't be
 */
function compiled(source: SourceText, request: RunRequest, home: string): Plan {
  const { diagnostics, plan } = compile(source, {
    folder: posix.basename(request.workspace),
    home,
    ...(request.name !== undefined && { name: request.name }),
    ...(request.params !== undefined && { params: request.params })
  });
  if (plan) return request.select === undefined ? plan : selected(plan, request.select);
  const errors = diagnostics.filter(one => one.severity === 'error');
  throw new Problem('INVALID_WORKFLOW', errors.map(inWords).join('\n'), { diagnostics: [...diagnostics] });
}

function selected(plan: Plan, selection: JobSelection): Plan {
  const result = selectJobs(plan, selection);
  if ('plan' in result) return result.plan;
  const words = result.problems.map(({ message, hint }) => (hint === undefined ? message : `${message}. ${hint}`));
  throw new Problem('INVALID_BODY', words.join('\n'));
}

function inWords({ file, range, message }: Diagnostic): string {
  return `${file}:${range.start.line}:${range.start.column}: ${message}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
