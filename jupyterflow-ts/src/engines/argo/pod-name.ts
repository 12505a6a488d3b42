/** Longest name of an object of Kubernetes, less the hash and the hyphen before it. */
const MAX_PREFIX = 253 - 10 - 1;

/**
 * Name of the pod of a node, version 2 of Argo's names (workflow/util/pod_name.go), the default since Argo 3.4.
 * @param node Name of the node: `<workflow>.<task>`, with `(n)` for each attempt or item.
 */
export function podName(workflow: string, node: string, template: string): string {
  if (node === workflow) return workflow;
  return `${`${workflow}-${template}`.slice(0, MAX_PREFIX)}-${fnv1a32(node)}`;
}

/** 32-bit FNV-1a of a text in UTF-8 (RFC 9923). */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
