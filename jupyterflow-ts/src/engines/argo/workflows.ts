import { argoPath, pathOf, type KubernetesClient } from './api/client.js';
import { KubernetesError } from './api/problem.js';
import { watchObject } from './api/watch.js';
import { LABEL } from './marks.js';
import type { KubernetesObject, ObjectList, WorkflowObject } from './objects.js';

/** How many Workflows one answer of a list may hold. */
const PAGE = 100;

/** The Workflows of a namespace that this program made. What fails rejects with a {@link KubernetesError}. */
export class Workflows {
  readonly #client: KubernetesClient;
  readonly #namespace: string;

  constructor(client: KubernetesClient, namespace = client.namespace) {
    this.#client = client;
    this.#namespace = namespace;
  }

  create(body: KubernetesObject): Promise<WorkflowObject> {
    // Strict: a field that this Argo does not know is told, not left out.
    const query = { fieldValidation: 'Strict', fieldManager: 'jupyterflow' };
    return this.#client.json<WorkflowObject>({ method: 'POST', path: this.#path(), query, body });
  }

  async find(name: string, signal?: AbortSignal): Promise<WorkflowObject | undefined> {
    try {
      const workflow = await this.#client.json<WorkflowObject>({ path: this.#path(name), signal });
      return isThere(workflow) ? workflow : undefined;
    } catch (error) {
      if (isProblem(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  async list(): Promise<readonly WorkflowObject[]> {
    const workflows: WorkflowObject[] = [];
    let next: string | undefined;
    do {
      const query = { labelSelector: LABEL.workflow, limit: PAGE, continue: next };
      const page = await this.#client.json<ObjectList<WorkflowObject>>({ path: this.#path(), query });
      workflows.push(...page.items.filter(isThere));
      next = page.metadata.continue;
    } while (next !== undefined && next !== '');
    return workflows;
  }

  /** A Workflow now and after each change, until the signal aborts; undefined comes last when it is deleted. */
  watch(name: string, signal: AbortSignal): AsyncGenerator<WorkflowObject | undefined> {
    return watchObject<WorkflowObject>(this.#client, this.#path(), name, signal);
  }

  /** @param body JSON merge patch (RFC 7396) */
  async patch(name: string, body: object): Promise<void> {
    const contentType = 'application/merge-patch+json';
    await this.#client.json({ method: 'PATCH', path: this.#path(name), contentType, body });
  }

  /** Replaces a Workflow, with its status; rejects with CONFLICT when it is not the version that was read. */
  replace(workflow: WorkflowObject): Promise<WorkflowObject> {
    return this.#client.json<WorkflowObject>({
      method: 'PUT',
      path: this.#path(workflow.metadata.name),
      body: workflow
    });
  }

  async deletePod(name: string): Promise<void> {
    const path = pathOf('api', 'v1', 'namespaces', this.#namespace, 'pods', name);
    await this.#client.json({ method: 'DELETE', path }).catch((error: unknown) => {
      if (!isProblem(error, 'NOT_FOUND')) throw error;
    });
  }

  /** Deletes a Workflow, and the cluster its pods. */
  async delete(name: string): Promise<void> {
    const query = { propagationPolicy: 'Background' };
    await this.#client.json({ method: 'DELETE', path: this.#path(name), query }).catch((error: unknown) => {
      if (!isProblem(error, 'NOT_FOUND')) throw error;
    });
  }

  #path(name?: string): string {
    return argoPath(this.#namespace, 'workflows', name);
  }
}

export function isProblem(error: unknown, code: KubernetesError['code']): boolean {
  return error instanceof KubernetesError && error.code === code;
}

function isThere({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
