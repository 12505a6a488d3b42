import { itemsOf, toValue, valueOf, type MapNode, type SourceNode } from '../source/node.js';
import type { ClusterSettings, RawFields } from './plan.js';
import { defined, rawOf, recordOf, textOf } from './read.js';

const SECURITY = ['securityContext', 'runAsUser', 'runAsGroup'] as const;

/** What one level of the file says about pods; of the security context, what it does not say is the default's. */
export function clusterOf(map: MapNode | undefined, defaults?: MapNode): ClusterSettings | undefined {
  const cluster = defined<ClusterSettings>({
    imagePullSecrets: listOf(map, 'imagePullSecrets')?.map(item => ({
      name: textOf(item.kind === 'map' ? valueOf(item, 'name') : item) ?? ''
    })),
    nodeSelector: recordOf(valueOf(map, 'nodeSelector')),
    tolerations: listOf(map, 'tolerations')?.map(item => toValue(item) as RawFields),
    affinity: rawOf(valueOf(map, 'affinity')),
    serviceAccountName: textOf(valueOf(map, 'serviceAccountName')),
    securityContext: securityOf(map, defaults)
  });
  return Object.keys(cluster).length === 0 ? undefined : cluster;
}

function listOf(map: MapNode | undefined, key: string): readonly SourceNode[] | undefined {
  const node = valueOf(map, key);
  return node === undefined ? undefined : itemsOf(node);
}

function securityOf(map: MapNode | undefined, defaults: MapNode | undefined): RawFields | undefined {
  if (!SECURITY.some(key => valueOf(map, key) !== undefined)) return undefined;
  const setting = (key: string): SourceNode | undefined => valueOf(map, key) ?? valueOf(defaults, key);
  return { ...rawOf(setting('securityContext')), ...numberField('runAsUser'), ...numberField('runAsGroup') };

  function numberField(key: string): RawFields {
    const node = setting(key);
    return node?.kind === 'scalar' ? { [key]: node.value } : {};
  }
}
