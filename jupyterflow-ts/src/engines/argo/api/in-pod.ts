import { existsSync } from 'node:fs';

/** Where Kubernetes puts what a pod talks to it with. */
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Does this process run in a pod that may talk to Kubernetes? In a file of its own: to ask needs no client of Kubernetes. */
export function isPodWithToken(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' && existsSync(TOKEN);
}
