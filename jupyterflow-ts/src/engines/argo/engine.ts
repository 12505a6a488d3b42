import { Signal } from '../local/signal.js';
import { EngineError, type Engine, type EngineRun, type LogOptions, type Submission } from '../engine.js';
import { argoPath, type KubernetesClient } from './api/client.js';
import { KubernetesError } from './api/problem.js';
import { watchObject } from './api/watch.js';
import { readLog } from './logs.js';
import { ANNOTATION, LABEL } from './marks.js';
import type { KubernetesObject, ObjectList, WorkflowObject } from './objects.js';
import { runOf } from './status.js';

export interface ArgoEngineOptions {
  readonly client: KubernetesClient;
  /** Default: the client's. */
  readonly namespace?: string;
  /** The Workflow of a submission, named by its id. Throws an {@link EngineError} when there can be none. */
  readonly manifestOf: (submission: Submission) => KubernetesObject;
}

/** How many Workflows one answer of a list may hold. */
const PAGE = 100;

/** Opens the engine that has Argo Workflows execute runs. It keeps nothing: all that is known of a run is in its Workflow. */
export function openArgoEngine(options: ArgoEngineOptions): Engine {
  return new ArgoEngine(options);
}

class ArgoEngine implements Engine {
  readonly #client: KubernetesClient;
  readonly #namespace: string;
  readonly #manifestOf: ArgoEngineOptions['manifestOf'];

  constructor({ client, namespace, manifestOf }: ArgoEngineOptions) {
    this.#client = client;
    this.#namespace = namespace ?? client.namespace;
    this.#manifestOf = manifestOf;
  }

  async submit(submission: Submission): Promise<EngineRun> {
    refuse(submission);
    const body = this.#manifestOf(submission);
    try {
      // Strict: a field that this Argo does not know is told, not left out.
      const query = { fieldValidation: 'Strict', fieldManager: 'jupyterflow' };
      return runOf(await this.#client.json<WorkflowObject>({ method: 'POST', path: this.#path(), query, body }));
    } catch (error) {
      if (isProblem(error, 'EXISTS')) throw new EngineError('RUN_EXISTS', `there is a run ${submission.id} already`);
      throw error;
    }
  }

  async get(id: string): Promise<EngineRun | undefined> {
    const workflow = await this.#find(id);
    return workflow === undefined ? undefined : runOf(workflow);
  }

  async list(): Promise<readonly EngineRun[]> {
    const runs: EngineRun[] = [];
    let next: string | undefined;
    do {
      const query = { labelSelector: LABEL.workflow, limit: PAGE, continue: next };
      const page = await this.#client.json<ObjectList<WorkflowObject>>({ path: this.#path(), query });
      runs.push(...page.items.filter(isThere).map(runOf));
      next = page.metadata.continue;
    } while (next !== undefined && next !== '');
    return runs;
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<EngineRun> {
    for await (const workflow of this.#watchWorkflow(id, signal)) {
      const run = runOf(workflow);
      yield run;
      if (run.finishedAt !== undefined) return;
    }
  }

  async *logs(id: string, job: string, options: LogOptions = {}): AsyncGenerator<string> {
    const first = await this.#find(id);
    if (first === undefined) throw unknownRun(id);
    const close = new AbortController();
    const signals = options.signal === undefined ? [close.signal] : [close.signal, options.signal];
    const signal = AbortSignal.any(signals);
    const seen = { workflow: first, changed: new Signal(), ended: options.follow !== true };
    const following = options.follow === true ? this.#keepCurrent(id, seen, signal) : undefined;
    try {
      yield* readLog(this.#client, seen, job, { ...options, signal });
    } finally {
      close.abort();
      await following;
    }
  }

  async stop(id: string, reason: string): Promise<void> {
    const workflow = await this.#find(id);
    if (workflow === undefined) throw unknownRun(id);
    if (runOf(workflow).finishedAt !== undefined) return;
    // As `argo stop` and `argo terminate` do; only Stop lets the exit handler run.
    const shutdown = workflow.spec.onExit === undefined ? 'Terminate' : 'Stop';
    await this.#client.json({
      method: 'PATCH',
      path: this.#path(id),
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [ANNOTATION.stopReason]: reason } }, spec: { shutdown } }
    });
    const changes = this.watch(id)[Symbol.asyncIterator]();
    while ((await changes.next()).done !== true);
  }

  async remove(id: string): Promise<void> {
    const workflow = await this.#find(id);
    if (workflow === undefined) throw unknownRun(id);
    if (runOf(workflow).finishedAt === undefined)
      throw new EngineError('RUN_ACTIVE', `the run ${id} is going; stop it before it is removed`);
    const query = { propagationPolicy: 'Background' };
    await this.#client.json({ method: 'DELETE', path: this.#path(id), query }).catch((error: unknown) => {
      if (!isProblem(error, 'NOT_FOUND')) throw error;
    });
  }

  #path(name?: string): string {
    return argoPath(this.#namespace, 'workflows', name);
  }

  async #find(id: string): Promise<WorkflowObject | undefined> {
    try {
      const workflow = await this.#client.json<WorkflowObject>({ path: this.#path(id) });
      return isThere(workflow) ? workflow : undefined;
    } catch (error) {
      if (isProblem(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  async *#watchWorkflow(id: string, signal = new AbortController().signal): AsyncGenerator<WorkflowObject> {
    for await (const workflow of watchObject<WorkflowObject>(this.#client, this.#path(), id, signal)) {
      if (workflow === undefined) throw unknownRun(id);
      yield workflow;
    }
  }

  /** Keeps what a reader of logs sees of the run current, to its end. */
  async #keepCurrent(
    id: string,
    seen: { workflow: WorkflowObject; readonly changed: Signal; ended: boolean },
    signal: AbortSignal
  ): Promise<void> {
    try {
      for await (const workflow of this.#watchWorkflow(id, signal)) {
        seen.workflow = workflow;
        seen.changed.notify();
        if (runOf(workflow).finishedAt !== undefined) break;
      }
    } catch {
      // The reader goes on with what was seen last; what it asks for itself tells what is wrong.
    }
    seen.ended = true;
    seen.changed.notify();
  }
}

/** Data of this machine can't be seen by the pods of a cluster. */
function refuse({ id, plan, mounts, admit }: Submission): void {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(id))
    throw new EngineError('INVALID_SUBMISSION', `${JSON.stringify(id)} can't be the name of a Workflow`);
  if ([...mounts.values()].some(of => of.length > 0))
    throw new EngineError('INVALID_SUBMISSION', 'folders of this machine can not be mounted in a cluster');
  for (const { name } of plan.jobs) {
    const refusal = admit?.(name);
    if (refusal !== undefined) throw new EngineError('INVALID_SUBMISSION', refusal);
  }
}

function isThere({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

function isProblem(error: unknown, code: KubernetesError['code']): boolean {
  return error instanceof KubernetesError && error.code === code;
}

function unknownRun(id: string): EngineError {
  return new EngineError('UNKNOWN_RUN', `there is no run ${id}`);
}
