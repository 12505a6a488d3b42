import { connect } from '../../engines/argo/api/connect.js';
import type { KubernetesClient } from '../../engines/argo/api/client.js';
import type { Settings } from '../settings.js';
import { KubeBackend } from './backend.js';
import { failureOf } from './failure.js';

/** The cluster that the settings name. @throws Failure when there is none, or its kubeconfig can't be used */
export function connectTo({ context, namespace }: Pick<Settings, 'context' | 'namespace'>): KubernetesClient {
  try {
    return connect({ context: context?.value, namespace: namespace?.value });
  } catch (error) {
    throw failureOf(error);
  }
}

export function openKube(settings: Settings): KubeBackend {
  return new KubeBackend(connectTo(settings), settings.file.config);
}
