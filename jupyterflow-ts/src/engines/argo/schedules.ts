import { fromSchedule } from './anew.js';
import { argoPath, type KubernetesClient } from './api/client.js';
import { KubernetesError } from './api/problem.js';
import { LABEL } from './marks.js';
import type { CronWorkflowObject, KubernetesObject, ObjectList, WorkflowObject } from './objects.js';
import { Workflows } from './workflows.js';

/** Who owns the fields of a schedule, as Kubernetes keeps it (server-side apply). */
const MANAGER = 'jupyterflow';
/** Who changes whether it is suspended, apart from the file. */
const SWITCH = 'jupyterflow-cron';
const PAGE = 100;

/** The schedules (CronWorkflows) of a namespace that this program made. */
export class Schedules {
  readonly #client: KubernetesClient;
  readonly #workflows: Workflows;

  constructor(client: KubernetesClient) {
    this.#client = client;
    this.#workflows = new Workflows(client);
  }

  /**
   * Creates a schedule, or changes the one of its name.
   * @throws KubernetesError CONFLICT when somebody else has changed fields of it that the manifest says too
   */
  async apply(manifest: KubernetesObject): Promise<CronWorkflowObject> {
    try {
      return await this.#apply(manifest, false);
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.code !== 'CONFLICT') throw error;
      const others = [...error.message.matchAll(/conflicts? with "([^"]+)"/g)].map(([, manager = '']) => manager);
      if (others.length > 0 && others.every(manager => manager.startsWith(MANAGER))) return this.#apply(manifest, true);
      throw explained(error, manifest.metadata.name, others);
    }
  }

  /** Creates or changes all that a schedule is made of, and deletes what is left of an earlier form of it. */
  async applyAll(manifests: readonly KubernetesObject[]): Promise<readonly CronWorkflowObject[]> {
    const applied = await Promise.all(manifests.map(manifest => this.apply(manifest)));
    const names = new Set(applied.map(({ metadata }) => metadata.name));
    for (const schedule of new Set(applied.flatMap(({ metadata }) => metadata.labels?.[LABEL.schedule] ?? []))) {
      const stale = (await this.list(`${LABEL.schedule}=${schedule}`)).filter(
        ({ metadata }) => !names.has(metadata.name)
      );
      await Promise.all(stale.map(({ metadata }) => this.#deleteOne(metadata.name)));
    }
    return applied;
  }

  async list(labelSelector: string = LABEL.workflow): Promise<readonly CronWorkflowObject[]> {
    const found: CronWorkflowObject[] = [];
    let next: string | undefined;
    do {
      const query = { labelSelector, limit: PAGE, continue: next };
      const page = await this.#client.json<ObjectList<CronWorkflowObject>>({ path: this.#path(), query });
      found.push(...page.items);
      next = page.metadata.continue;
    } while (next !== undefined && next !== '');
    return found;
  }

  /** @throws KubernetesError NOT_FOUND */
  get(name: string): Promise<CronWorkflowObject> {
    return this.#client.json<CronWorkflowObject>({ path: this.#path(name) });
  }

  /**
   * While it is suspended no run begins by itself. All times of a schedule are suspended at once.
   * @throws KubernetesError NOT_FOUND
   */
  async suspend(name: string, suspend: boolean): Promise<void> {
    await Promise.all((await this.#timesOf(name)).map(time => this.#suspendOne(time, suspend)));
  }

  async #suspendOne(name: string, suspend: boolean): Promise<void> {
    await this.#client.json({
      method: 'PATCH',
      path: this.#path(name),
      query: { fieldManager: SWITCH },
      contentType: 'application/merge-patch+json',
      body: { spec: { suspend } }
    });
  }

  /**
   * Deletes a schedule with all its times. Runs that it has started stay.
   * @throws KubernetesError NOT_FOUND
   */
  async delete(name: string): Promise<void> {
    await Promise.all((await this.#timesOf(name)).map(time => this.#deleteOne(time)));
  }

  async #deleteOne(name: string): Promise<void> {
    const query = { propagationPolicy: 'Orphan' };
    await this.#client.json({ method: 'DELETE', path: this.#path(name), query });
  }

  /** Starts a run of it at once, also while it is suspended. */
  async runNow(name: string, id: string): Promise<WorkflowObject> {
    return this.#workflows.create(fromSchedule(await this.get(name), id));
  }

  /** The names of the CronWorkflows that a schedule consists of: in Argo 3.5 one for each of its times. */
  async #timesOf(name: string): Promise<readonly string[]> {
    const { metadata } = await this.get(name);
    if (metadata.labels?.[LABEL.schedule] !== name) return [name];
    return (await this.list(`${LABEL.schedule}=${name}`)).map(one => one.metadata.name);
  }

  #apply(manifest: KubernetesObject, force: boolean): Promise<CronWorkflowObject> {
    return this.#client.json<CronWorkflowObject>({
      method: 'PATCH',
      path: this.#path(manifest.metadata.name),
      query: { fieldManager: MANAGER, force, fieldValidation: 'Strict' },
      // JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      body: manifest
    });
  }

  #path(name?: string): string {
    return argoPath(this.#client.namespace, 'cronworkflows', name);
  }
}

function explained(error: KubernetesError, name: string, managers: readonly string[]): KubernetesError {
  const fields = error.fields.map(({ path }) => path.replace(/^\./, '')).join(', ');
  const who = managers.length === 0 ? 'somebody else' : [...new Set(managers)].join(' and ');
  return new KubernetesError(
    'CONFLICT',
    `the schedule ${name} was changed by ${who}${fields === '' ? '' : `: ${fields}`}`,
    {
      hint: `To have it as the file says, delete it first: jupyterflow cron delete ${name}`,
      cause: error
    }
  );
}
