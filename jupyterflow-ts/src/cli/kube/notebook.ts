import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Pod } from '../../inherit/inherit.js';
import { pathOf, type KubernetesClient } from '../../engines/argo/api/client.js';
import { isProblem } from '../../engines/argo/workflows.js';

const NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Does this program run in a pod of a cluster? */
export function isInPod(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
}

/**
 * The pod that this program runs in.
 * @returns undefined when it is not in the cluster that it is connected to
 * @throws KubernetesError FORBIDDEN when it may not read its pod
 */
export async function ownPod(client: KubernetesClient): Promise<Pod | undefined> {
  if (!isInPod()) return undefined;
  const namespace = await readFile(NAMESPACE, 'utf8').catch(() => client.namespace);
  const name = process.env['HOSTNAME'] ?? hostname();
  try {
    return await client.json<Pod>({ path: pathOf('api', 'v1', 'namespaces', namespace.trim(), 'pods', name) });
  } catch (error) {
    if (isProblem(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
