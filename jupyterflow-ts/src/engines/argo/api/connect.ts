import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { HttpKubernetesClient, type KubernetesClient } from './client.js';
import { isPodWithToken } from './in-pod.js';
import { KubernetesError } from './problem.js';

export interface ConnectOptions {
  /** Name of a context of the kubeconfig. Default: its current one. */
  readonly context?: string | undefined;
  /** Default: the one of the context, in a pod the pod's. */
  readonly namespace?: string | undefined;
}

/** Where the settings of a cluster are found; undefined when there are none. */
export function clusterSource(env: Readonly<Record<string, string | undefined>>): 'kubeconfig' | 'pod' | undefined {
  const hasFile = (env['KUBECONFIG'] ?? '') !== '' || existsSync(join(homedir(), '.kube', 'config'));
  if (hasFile) return 'kubeconfig';
  return isPodWithToken(env) ? 'pod' : undefined;
}

/**
 * Connects to the cluster of the kubeconfig (KUBECONFIG, ~/.kube/config), in a pod to the pod's own.
 * @throws KubernetesError NO_CLUSTER when there is none, or its settings can't be used; NO_CONTEXT when it has no such context.
 */
export function connect({ context, namespace }: ConnectOptions = {}): KubernetesClient {
  const source = clusterSource(process.env);
  if (source === undefined) {
    throw new KubernetesError('NO_CLUSTER', 'there is no kubeconfig, and this is no pod of a cluster', {
      hint: HOW
    });
  }
  const config = load(source);
  if (context !== undefined) config.setCurrentContext(context);
  const found = config.getContextObject(config.getCurrentContext());
  const cluster = config.getCurrentCluster();
  if (found === null || cluster === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new KubernetesError('NO_CONTEXT', `the kubeconfig has no context ${config.getCurrentContext() || '(none)'}`, {
      hint: names.length === 0 ? 'It names no cluster.' : `It has: ${names.join(', ')}.`
    });
  }
  return new HttpKubernetesClient(cluster.server, namespace ?? found.namespace ?? 'default', async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  });
}

function load(source: 'kubeconfig' | 'pod'): KubeConfig {
  const config = new KubeConfig();
  try {
    if (source === 'pod') config.loadFromCluster();
    else config.loadFromDefault();
    return config;
  } catch (cause) {
    throw unreadable(cause);
  }
}

const HOW = 'Set KUBECONFIG to the file that you got with access to the cluster, or save it as ~/.kube/config.';

function unreadable(cause: unknown): KubernetesError {
  const { code, path, message = String(cause) } = cause as Partial<NodeJS.ErrnoException>;
  const why = code === undefined ? undefined : FILE_PROBLEMS[code];
  if (why !== undefined && path !== undefined)
    return new KubernetesError('NO_CLUSTER', `the kubeconfig ${path} ${why}`, { cause, hint: HOW });
  return new KubernetesError('NO_CLUSTER', `the kubeconfig can't be read: ${message.split('\n')[0] ?? ''}`, {
    cause,
    hint: HOW
  });
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: "can't be read: permission denied",
  EISDIR: 'is a folder'
};
