import type { KubernetesClient } from '../../engines/argo/api/client.js';
import { ArgoRuns } from '../../engines/argo/runs.js';
import { ANNOTATION, LABEL } from '../../engines/argo/marks.js';
import type { ArgoOutput } from '../../argo/argo.js';
import type { PlanSchedule } from '../../plan/plan.js';
import { Schedules } from '../../engines/argo/schedules.js';
import type { KubernetesObject, ObjectMeta, WorkflowObject } from '../../engines/argo/objects.js';
import { anew } from '../../engines/argo/anew.js';
import { runOf } from '../../engines/argo/status.js';
import { Workflows } from '../../engines/argo/workflows.js';
import type { JupyterflowConfig } from '../../config/config.js';
import {
  filterRuns,
  newestFirst,
  pick,
  unknownRun,
  type Backend,
  type BackendLogOptions,
  type ListOptions,
  type RetryRequest,
  type RunView,
  type SubmitRequest
} from '../backend.js';
import { newRunId, refuseLeases, viewOf } from '../direct-run.js';
import { EXIT, Failure } from '../failure.js';
import { failureOf, told } from './failure.js';
import { fieldFailure, manifestOf } from './manifest.js';
import { ownPod } from './notebook.js';
import { withParameters } from './parameters.js';

/** Runs of Argo Workflows in a namespace of a cluster, without a platform in between. */
export class KubeBackend implements Backend {
  readonly keepsSchedules = true;
  readonly #client: KubernetesClient;
  readonly #config: JupyterflowConfig;
  readonly #workflows: Workflows;
  readonly #runs: ArgoRuns;

  constructor(client: KubernetesClient, config: JupyterflowConfig) {
    this.#client = client;
    this.#config = config;
    this.#workflows = new Workflows(client);
    this.#runs = new ArgoRuns(client, this.#workflows);
  }

  async submit(request: SubmitRequest): Promise<RunView> {
    const { plan } = request.compilation;
    if (plan === undefined) throw new Failure(EXIT.invalidFile, 'the file has errors', { code: 'INVALID_WORKFLOW' });
    refuseLeases(plan, request);
    const pod = await told(ownPod(this.#client));
    const output = manifestOf({ request, plan, name: newRunId(plan), config: this.#config, pod });
    try {
      if (plan.schedule !== undefined) return await this.#schedule(output, plan.schedule);
      return this.#view(await this.#workflows.create(output.workflow as unknown as KubernetesObject));
    } catch (error) {
      throw failureOf(fieldFailure(error, output, request));
    }
  }

  /** Argo finds out while the run goes which results of its cache still hold. */
  explain(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async get(id: string, signal?: AbortSignal): Promise<RunView> {
    const workflow = await told(this.#workflows.find(id, signal));
    if (workflow === undefined) throw unknownRun(id);
    return this.#view(workflow);
  }

  async find(reference: string): Promise<RunView> {
    return pick(await this.list(), reference);
  }

  async list(options: ListOptions = {}): Promise<readonly RunView[]> {
    const workflows = await told(this.#workflows.list());
    return filterRuns(newestFirst(workflows.map(workflow => this.#view(workflow))), options);
  }

  async *logs(id: string, job: string, options: BackendLogOptions): AsyncGenerator<string> {
    try {
      yield* this.#runs.logs(id, job, options);
    } catch (error) {
      throw failureOf(error);
    }
  }

  async stop(id: string): Promise<void> {
    await told(this.#runs.stop(id, 'stopped by the user'));
  }

  async retry(id: string, { from }: RetryRequest): Promise<RunView> {
    await told(this.#runs.retry(id, { from }));
    return this.get(id);
  }

  async resubmit(id: string, params: Readonly<Record<string, string>>): Promise<RunView> {
    const found = await told(this.#workflows.find(id));
    if (found === undefined) throw unknownRun(id);
    const workflow = withParameters(found, params);
    const name = workflow.metadata.labels?.[LABEL.workflow] ?? id;
    return this.#view(await told(this.#workflows.create(anew(workflow, newRunId({ name })))));
  }

  async remove(id: string): Promise<void> {
    await told(this.#runs.remove(id));
  }

  /** A schedule as the run that it will start: nothing of it has begun. */
  async #schedule({ objects, workflow }: ArgoOutput, { crons, timezone }: PlanSchedule): Promise<RunView> {
    const schedules = new Schedules(this.#client);
    const [first] = await schedules.applyAll(objects as unknown as readonly KubernetesObject[]);
    const when = `runs at ${crons.join(' and at ')}${timezone === undefined ? '' : ` (${timezone})`}`;
    const metadata = {
      ...workflow.metadata,
      name: first?.metadata.name ?? '',
      creationTimestamp: new Date().toISOString()
    };
    return { ...this.#view({ ...workflow, metadata }), reason: when };
  }

  #view(workflow: WorkflowObject): RunView {
    const { metadata } = workflow;
    const about = {
      id: metadata.name,
      workflow: metadata.labels?.[LABEL.workflow] ?? metadata.name,
      workspace: metadata.annotations?.[ANNOTATION.workspace] ?? '',
      sourceDigest: metadata.annotations?.[ANNOTATION.sourceDigest] ?? ''
    };
    return { ...viewOf(about, runOf(workflow), 'argo'), links: this.#links(metadata) };
  }

  #links({ name, namespace = this.#client.namespace }: ObjectMeta): RunView['links'] {
    const { argoUrl } = this.#config;
    return argoUrl === undefined ? {} : { argo: `${argoUrl.replace(/\/$/, '')}/workflows/${namespace}/${name}` };
  }
}
