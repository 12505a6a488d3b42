import { Signal } from '../local/signal.js';
import { EngineError, type EngineRun, type LogOptions } from '../engine.js';
import type { KubernetesClient } from './api/client.js';
import { readLog } from './logs.js';
import { ANNOTATION } from './marks.js';
import { nodesOf } from './nodes.js';
import type { WorkflowObject } from './objects.js';
import { resetOf, type ResetOptions } from './retry.js';
import { runOf } from './status.js';
import type { Workflows } from './workflows.js';

/** Runs that Argo executes. All that is known of one is in its Workflow, so no plan is needed to see it, end it, or go on. */
export class ArgoRuns {
  readonly #client: KubernetesClient;
  readonly #workflows: Workflows;

  constructor(client: KubernetesClient, workflows: Workflows) {
    this.#client = client;
    this.#workflows = workflows;
  }

  async get(id: string): Promise<EngineRun | undefined> {
    const workflow = await this.#workflows.find(id);
    return workflow === undefined ? undefined : runOf(workflow);
  }

  async list(): Promise<readonly EngineRun[]> {
    return (await this.#workflows.list()).map(runOf);
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<EngineRun> {
    for await (const workflow of this.#watchWorkflow(id, signal)) {
      const run = runOf(workflow);
      yield run;
      if (run.finishedAt !== undefined) return;
    }
  }

  async *logs(id: string, job: string, options: LogOptions = {}): AsyncGenerator<string> {
    const first = await this.#workflows.find(id);
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
    const workflow = await this.#workflows.find(id);
    if (workflow === undefined) throw unknownRun(id);
    if (runOf(workflow).finishedAt !== undefined) return;
    // As `argo stop` and `argo terminate` do. Only Stop lets the exit handler run; once it does, that is what is stopped.
    const hasBegun = nodesOf(workflow.status).byName.has(`${id}.onExit`);
    const shutdown = workflow.spec.onExit === undefined || hasBegun ? 'Terminate' : 'Stop';
    const annotations = { [ANNOTATION.stopReason]: reason };
    await this.#workflows.patch(id, { metadata: { annotations }, spec: { shutdown } });
    const changes = this.watch(id)[Symbol.asyncIterator]();
    while ((await changes.next()).done !== true);
  }

  async remove(id: string): Promise<void> {
    const workflow = await this.#workflows.find(id);
    if (workflow === undefined) throw unknownRun(id);
    if (runOf(workflow).finishedAt === undefined)
      throw new EngineError('RUN_ACTIVE', `the run ${id} is going; stop it before it is removed`);
    await this.#workflows.delete(id);
  }

  async *#watchWorkflow(id: string, signal = new AbortController().signal): AsyncGenerator<WorkflowObject> {
    for await (const workflow of this.#workflows.watch(id, signal)) {
      if (workflow === undefined) throw unknownRun(id);
      yield workflow;
    }
  }

  /**
   * Goes on with a finished run, as `argo retry` does without a server: takes the nodes and pods away of what is to run
   * again, and has the controller look at the Workflow anew.
   */
  async retry(id: string, options: ResetOptions): Promise<EngineRun> {
    const workflow = await this.#workflows.find(id);
    if (workflow === undefined) throw unknownRun(id);
    const reset = resetOf(workflow, options, Date.now());
    for (const pod of reset.pods) await this.#workflows.deletePod(pod);
    return runOf(await this.#workflows.replace(reset.workflow));
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

function unknownRun(id: string): EngineError {
  return new EngineError('UNKNOWN_RUN', `there is no run ${id}`);
}
