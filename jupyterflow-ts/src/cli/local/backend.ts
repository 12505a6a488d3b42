import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EngineError, type EngineJob, type Home, type JobForecast } from '../../engines/engine.js';
import { forecast } from '../../engines/local/cache/forecast.js';
import { ResultStore } from '../../engines/local/cache/store.js';
import { openLocalEngine } from '../../engines/local/index.js';
import { readLog } from '../../engines/local/log-reader.js';
import { removeTree } from '../../engines/local/records.js';
import { signal as sendSignal } from '../../engines/local/processes.js';
import { Signal } from '../../engines/local/signal.js';
import type { Plan } from '../../plan/plan.js';
import {
  filterRuns,
  newestFirst,
  pick,
  unknownJob,
  unknownRun,
  type Backend,
  type BackendLogOptions,
  type ListOptions,
  type RetryRequest,
  type RunView,
  type SubmitRequest
} from '../backend.js';
import { digestOf, newRunId, refuseLeases, viewOf } from '../direct-run.js';
import { EXIT, Failure } from '../failure.js';
import { compileInput } from '../input.js';
import { selectPlan } from '../selection.js';
import { CACHE_SCOPE, cacheFolder, inheritedEnvironment } from './environment.js';
import { refuseMissingNotebooks } from './missing-notebook.js';
import { localSecrets } from './secrets.js';
import { failureOf, startSupervisor } from './start.js';
import { RunStore, type StoredRun } from './store.js';
import type { LocalSettings, Order } from './supervise.js';

const POLL_MS = 100;

export interface LocalOptions extends Omit<LocalSettings, 'sandbox'> {
  readonly sandbox: boolean;
}

/** Runs of this machine. Each is carried out by a process of its own; this one only reads what that one writes. */
export class LocalBackend implements Backend {
  readonly #store = new RunStore();
  readonly #settings: LocalSettings;

  constructor({ sandbox, ...limits }: LocalOptions) {
    this.#settings = { sandbox: sandbox ? 'bubblewrap' : 'none', ...limits };
  }

  async submit(request: SubmitRequest): Promise<RunView> {
    const { source, workspace, params, name, select } = request;
    const plan = planOf(request);
    refuseMissingNotebooks(plan, request);
    const id = newRunId(plan);
    const about = { id, workflow: plan.name, workspace, sourceDigest: digestOf(source.text) };
    const made = {
      source,
      params,
      ...(name === undefined ? {} : { name }),
      ...(select === undefined ? {} : { select })
    };
    return this.#start({ about, plan, home: homeOf(workspace), settings: this.#settings, made }, request);
  }

  async explain(request: SubmitRequest): Promise<readonly JobForecast[]> {
    const plan = planOf(request);
    const store = new ResultStore(join(cacheFolder(), CACHE_SCOPE));
    const home = homeOf(request.workspace);
    const submission = { id: plan.name, plan, home, mounts: new Map(), secrets: localSecrets };
    return forecast(submission, store, inheritedEnvironment()).catch(async (error: unknown) => {
      throw error instanceof EngineError ? await failureOf(error, plan, request) : error;
    });
  }

  async get(id: string): Promise<RunView> {
    return localView(await this.#read(id));
  }

  async find(reference: string): Promise<RunView> {
    return pick(await this.list(), reference);
  }

  async list(options: ListOptions = {}): Promise<readonly RunView[]> {
    const runs = await Promise.all((await this.#store.ids()).map(id => this.#recover(id)));
    return filterRuns(newestFirst(runs.flatMap(run => (run === undefined ? [] : [localView(run)]))), options);
  }

  async *logs(
    id: string,
    job: string,
    { follow, tail, attempt: one, signal }: BackendLogOptions
  ): AsyncGenerator<string> {
    let current = jobOf(await this.#read(id), job);
    const changed = new Signal();
    const poll = setInterval(() => {
      void this.#read(id).then(
        run => {
          current = jobOf(run, job);
          changed.notify();
        },
        () => changed.notify()
      );
    }, POLL_MS);
    const options = { changed, ...(tail === undefined ? {} : { tail }), ...(signal === undefined ? {} : { signal }) };
    try {
      for (let attempt = one ?? Math.max(1, current.attempts); ; attempt++) {
        const isComplete = (): boolean => !follow || current.attempts > attempt || !isGoing(current);
        yield* readLog(this.#store.logPath(id, job, attempt), { ...options, isComplete });
        if (!follow || one !== undefined || current.attempts <= attempt || signal?.aborted === true) return;
      }
    } finally {
      clearInterval(poll);
    }
  }

  async stop(id: string): Promise<void> {
    const { about, run } = await this.#read(id);
    if (run.finishedAt !== undefined) return;
    sendSignal(about.supervisor.pid, 'SIGTERM');
    while ((await this.#read(id)).run.finishedAt === undefined) await pause(POLL_MS);
  }

  async retry(id: string, { from }: RetryRequest): Promise<RunView> {
    const stored = await this.#readEnded(id);
    const order = await this.#store.readOrder(id);
    if (order === undefined) throw tooOld(stored);
    try {
      await startSupervisor({ order, from });
    } catch (error) {
      throw error instanceof Failure && error.code === 'FOLDER_IN_USE' ? goingOn(id) : error;
    }
    return this.get(id);
  }

  async resubmit(id: string, params: Readonly<Record<string, string>>): Promise<RunView> {
    const order = await this.#store.readOrder(id);
    if (order === undefined) throw tooOld(await this.#read(id));
    const about = { ...order.about, id: newRunId(order.plan) };
    if (Object.keys(params).length === 0) return this.#start({ ...order, about });
    if (order.made === undefined) throw tooOld(await this.#read(id));
    const made = { ...order.made, params: { ...order.made.params, ...params } };
    const { source, select } = made;
    const { plan } = selectPlan(compileInput({ source, workspace: about.workspace }, made), select);
    return this.#start({ ...order, plan, about, made });
  }

  async remove(id: string): Promise<void> {
    await this.#readEnded(id);
    await removeTree(this.#store.folderOf(id));
  }

  async #start(order: Order, request?: SubmitRequest): Promise<RunView> {
    const { id } = order.about;
    await this.#store.create(id);
    try {
      await startSupervisor({ order }, request);
    } catch (error) {
      await rm(this.#store.folderOf(id), { recursive: true, force: true });
      throw error;
    }
    return this.get(id);
  }

  async #read(id: string): Promise<StoredRun> {
    const stored = await this.#recover(id);
    if (stored === undefined) throw unknownRun(id);
    return stored;
  }

  /** A run that has ended, when whoever carried it out is gone too; that may be one that has it go on by now. */
  async #readEnded(id: string): Promise<StoredRun> {
    for (;;) {
      const stored = await this.#read(id);
      if (stored.run.finishedAt === undefined) {
        const hint = `Stop it first: jupyterflow stop ${id}`;
        throw new Failure(EXIT.usage, `the run ${id} is going`, { code: 'RUN_ACTIVE', hint });
      }
      if (!(await this.#store.isSupervised(stored.about))) return stored;
      await pause(POLL_MS);
    }
  }

  /** A run whose supervisor died is ended by opening its engine once more. */
  async #recover(id: string): Promise<StoredRun | undefined> {
    const stored = await this.#store.read(id);
    if (stored === undefined || stored.run.finishedAt !== undefined) return stored;
    if (await this.#store.isSupervised(stored.about)) return stored;
    const engine = await openLocalEngine({ folder: this.#store.engineFolder(id), sandbox: 'none' });
    await engine.close('ended');
    return this.#store.read(id);
  }
}

function goingOn(id: string): Failure {
  const hint = `Follow it: jupyterflow watch ${id}`;
  return new Failure(EXIT.usage, `another command has the run ${id} go on already`, { code: 'RUN_ACTIVE', hint });
}

function tooOld({ about }: StoredRun): Failure {
  const hint = `Start it anew: jupyterflow run -f ${about.workspace}/workflow.yaml`;
  return new Failure(EXIT.usage, `the run ${about.id} is too old to go on`, { code: 'RUN_TOO_OLD', hint });
}

/** The plan of a file without errors, and without leases. */
function planOf(request: SubmitRequest): Plan {
  const { plan } = request.compilation;
  if (plan === undefined) throw new Failure(EXIT.invalidFile, 'the file has errors', { code: 'INVALID_WORKFLOW' });
  refuseLeases(plan, request);
  return plan;
}

/** The user's home when the workflow is in it, else the folder above the workflow; jobs see it where it is. */
function homeOf(workspace: string): Home {
  const home = homedir();
  const inside = workspace === home || workspace.startsWith(`${home}/`);
  if (inside) return { hostPath: home, mountPath: home, workspace: relative(home, workspace) };
  return { hostPath: dirname(workspace), mountPath: dirname(workspace), workspace: basename(workspace) };
}

function localView({ about, run }: StoredRun): RunView {
  return viewOf(about, run, 'local');
}

function jobOf(stored: StoredRun, name: string): EngineJob {
  const job = stored.run.jobs.find(of => of.name === name);
  if (job !== undefined) return job;
  throw unknownJob(localView(stored), name);
}

function isGoing({ phase }: EngineJob): boolean {
  return phase === 'Pending' || phase === 'Running';
}
