import { entryOf, type SourceNode, type Span } from './node.js';

/** Steps from the top of a file to a value: keys of maps, and positions in lists from 0. */
export type SourcePath = readonly (string | number)[];

/** Where a value stands, or the nearest above it that exists. A map is pointed at by its key, or else its first one. */
export function spanOfPath(root: SourceNode, path: SourcePath): Span {
  let node = root;
  let span: Span = spanOfNode(root);
  for (const step of path) {
    const entry = node.kind === 'map' ? entryOf(node, String(step)) : undefined;
    const next = entry?.value ?? (node.kind === 'list' ? node.items[Number(step)] : undefined);
    if (next === undefined) break;
    const isText = next.kind === 'scalar' && next.span.end > next.span.start;
    span = entry !== undefined && !isText ? entry.keySpan : spanOfNode(next);
    node = next;
  }
  return span;
}

function spanOfNode(node: SourceNode): Span {
  if (node.kind === 'map') return node.entries[0]?.keySpan ?? node.span;
  if (node.kind === 'list') return { start: node.span.start, end: Math.min(node.span.start + 1, node.span.end) };
  return node.span;
}
