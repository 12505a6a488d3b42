import { argoPath } from '../../engines/argo/api/client.js';
import type { NodeStatus, Parameter, WorkflowStatus } from '../../engines/argo/objects.js';
import type { FakeKubernetes } from '../kubernetes/server.js';
import type { StoredObject, StoreEvent } from '../kubernetes/store.js';
import type { ProcessKubelet } from './kubelet.js';
import { SimulatedRun } from './run.js';
import type { SimulatedSpec } from './template.js';

/**
 * Stands for Argo's controller on a {@link FakeKubernetes}: executes each Workflow that is created there, its pods as
 * processes of this machine, and keeps `status` as the real one does. So what the compiler makes is carried out in tests.
 */
export class ArgoSimulator {
  readonly #cluster: FakeKubernetes;
  readonly #kubelet: ProcessKubelet;
  readonly #collection: string;
  readonly #runs = new Map<string, SimulatedRun>();
  readonly #cache = new Map<string, readonly Parameter[]>();
  readonly #stop: () => void;

  constructor(cluster: FakeKubernetes, kubelet: ProcessKubelet, namespace = 'science') {
    this.#cluster = cluster;
    this.#kubelet = kubelet;
    this.#collection = argoPath(namespace, 'workflows');
    cluster.podLog = kubelet.log;
    this.#stop = cluster.store.watch(Number(cluster.store.version), event => this.#see(event));
  }

  /** Ends all that runs. */
  close(): void {
    this.#stop();
    for (const run of this.#runs.values()) run.shutdown('Terminate');
  }

  #see({ type, collection, object }: StoreEvent): void {
    if (collection !== this.#collection) return;
    const { name } = object.metadata;
    if (type === 'ADDED') void this.#execute(name, object);
    const { shutdown } = object['spec'] as SimulatedSpec;
    const { phase, nodes = {} } = (object['status'] ?? {}) as WorkflowStatus;
    // Somebody has put it back into motion.
    if (type === 'MODIFIED' && phase === 'Running' && !this.#runs.has(name))
      void this.#execute(name, object, Object.values(nodes));
    if (type === 'DELETED') this.#runs.get(name)?.shutdown('Terminate');
    else if (shutdown !== undefined) this.#runs.get(name)?.shutdown(shutdown);
  }

  async #execute(name: string, object: StoredObject, done: readonly NodeStatus[] = []): Promise<void> {
    const startedAt = new Date().toISOString();
    let nodes = done;
    let isReporting = false;
    const report = (more: object): void => {
      const now = this.#cluster.store.get(this.#collection, name);
      if (now?.metadata.uid !== object.metadata.uid) return;
      const status = {
        phase: 'Running',
        startedAt,
        nodes: Object.fromEntries(nodes.map(node => [node.id, node])),
        ...more
      };
      this.#cluster.store.replace(this.#collection, { ...now, status });
    };
    const run = new SimulatedRun({
      name,
      spec: object['spec'] as SimulatedSpec,
      kubelet: this.#kubelet,
      cache: this.#cache,
      done,
      report: changed => {
        nodes = changed;
        if (isReporting) return;
        // What changes together is one update, as in one pass of the controller.
        isReporting = true;
        setImmediate(() => {
          isReporting = false;
          if (this.#runs.has(name)) report({});
        });
      }
    });
    this.#runs.set(name, run);
    const end = await run.execute().catch((error: unknown) => ({ phase: 'Error', message: String(error) }));
    this.#runs.delete(name);
    report({ ...end, finishedAt: new Date().toISOString() });
  }
}
