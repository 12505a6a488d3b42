import { EngineError, type Engine, type EngineRun, type RetryOptions, type Submission } from '../engine.js';
import type { KubernetesClient } from './api/client.js';
import type { KubernetesObject, WorkflowObject } from './objects.js';
import { ArgoRuns } from './runs.js';
import { runOf } from './status.js';
import { isProblem, Workflows } from './workflows.js';

export interface ArgoEngineOptions {
  readonly client: KubernetesClient;
  /** Default: the client's. */
  readonly namespace?: string;
  /** The Workflow of a submission, named by its id. Throws an {@link EngineError} when there can be none. */
  readonly manifestOf: (submission: Submission) => KubernetesObject & Pick<WorkflowObject, 'spec'>;
}

/** Opens the engine that has Argo Workflows execute runs. */
export function openArgoEngine({ client, namespace, manifestOf }: ArgoEngineOptions): Engine {
  const workflows = new Workflows(client, namespace);
  const runs = new ArgoRuns(client, workflows);
  return {
    async submit(submission: Submission): Promise<EngineRun> {
      refuse(submission);
      const manifest = manifestOf(submission);
      try {
        return runOf(await workflows.create(manifest));
      } catch (error) {
        if (isProblem(error, 'EXISTS')) throw new EngineError('RUN_EXISTS', `there is a run ${submission.id} already`);
        throw error;
      }
    },
    retry(submission: Submission, { from = [] }: RetryOptions = {}): Promise<EngineRun> {
      refuse(submission);
      return runs.retry(submission.id, { from, spec: manifestOf(submission).spec });
    },
    get: id => runs.get(id),
    list: () => runs.list(),
    watch: (id, signal) => runs.watch(id, signal),
    logs: (id, job, options) => runs.logs(id, job, options),
    stop: (id, reason) => runs.stop(id, reason),
    remove: id => runs.remove(id)
  };
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
