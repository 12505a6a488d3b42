import { gunzipSync } from 'node:zlib';
import type { NodeStatus, WorkflowStatus } from './objects.js';

/** No honest status is larger: an object of Kubernetes with all its nodes compressed has at most 1 MiB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The nodes of a run by name and by id. */
export interface Nodes {
  readonly byName: ReadonlyMap<string, NodeStatus>;
  readonly byId: ReadonlyMap<string, NodeStatus>;
  /** Argo keeps them where this program can't see them. */
  readonly elsewhere: boolean;
}

/** Reads the nodes of a status, also when Argo compressed them to stay below the limit of Kubernetes. */
export function nodesOf(status: WorkflowStatus | undefined): Nodes {
  const nodes = status?.nodes ?? decompressed(status?.compressedNodes);
  const all = Object.entries(nodes ?? {});
  return {
    byName: new Map(all.map(([, node]) => [node.name, node])),
    byId: new Map(all),
    elsewhere: nodes === undefined && ((status?.compressedNodes ?? status?.offloadNodeStatusVersion) || '') !== ''
  };
}

function decompressed(text: string | undefined): Readonly<Record<string, NodeStatus>> | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_BYTES }).toString('utf8');
    return JSON.parse(json) as Readonly<Record<string, NodeStatus>>;
  } catch {
    // A later Argo may compress in another way.
    return undefined;
  }
}

/** The attempts of a node with retries, in order; of any other node that one. */
export function attemptsOf(node: NodeStatus, nodes: Nodes): readonly NodeStatus[] {
  if (node.type !== 'Retry') return node.type === 'Pod' && node.memoizationStatus?.hit !== true ? [node] : [];
  const attempts: NodeStatus[] = [];
  for (;;) {
    const attempt = nodes.byName.get(`${node.name}(${attempts.length})`);
    if (attempt === undefined) return attempts;
    attempts.push(attempt);
  }
}

/** The nodes of the items of a task, by the items' places. */
export function itemsOf(group: NodeStatus, nodes: Nodes): ReadonlyMap<number, NodeStatus> {
  const items = new Map<number, NodeStatus>();
  for (const id of group.children ?? []) {
    const node = nodes.byId.get(id);
    if (node === undefined || !node.name.startsWith(`${group.name}(`)) continue;
    const place = /^(\d{1,9}):/.exec(node.name.slice(group.name.length + 1));
    if (place !== null) items.set(Number(place[1]), node);
  }
  return items;
}
