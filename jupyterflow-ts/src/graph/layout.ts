/** A node of a dependency graph. Names in `dependsOn` that no node has are ignored. */
export interface GraphNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** Where a node is drawn, in whole steps: `layer` along the direction of the edges, `row` across it. */
export interface PlacedNode {
  readonly name: string;
  readonly layer: number;
  readonly row: number;
}

export interface GraphLayout {
  /** Names by layer; within a layer in the order of the rows. */
  readonly layers: readonly (readonly string[])[];
  /** In the order of the nodes given. */
  readonly positions: readonly PlacedNode[];
  /** Edges between nodes that exist. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Places an acyclic graph in layers: a node lies one layer after the last of what it depends on (longest path),
 * and nearest to the middle of them (barycentre heuristic of Sugiyama, Tagawa and Toda 1981, one pass).
 * Nodes on a cycle are put into layer 0. Time O((V + E) log V).
 */
export function layoutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const known = new Set(nodes.map(node => node.name));
  const edges = nodes.flatMap(node =>
    [...new Set(node.dependsOn)].filter(from => known.has(from)).map(from => ({ from, to: node.name }))
  );
  const layerOf = longestPaths(nodes, edges);
  const layers: string[][] = [];
  for (const node of nodes) (layers[layerOf.get(node.name) ?? 0] ??= []).push(node.name);

  const parents = new Map<string, string[]>();
  for (const { from, to } of edges) push(parents, to, from);
  const rowOf = new Map<string, number>();
  for (const layer of layers) {
    const wish = new Map(layer.map((name, index) => [name, mean(parents.get(name) ?? [], rowOf) ?? index]));
    layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    layer.forEach((name, row) => rowOf.set(name, row));
  }
  const positions = nodes.map(({ name }) => ({ name, layer: layerOf.get(name) ?? 0, row: rowOf.get(name) ?? 0 }));
  return { layers, positions, edges };
}

/** Kahn's topological order; each node lies after the deepest of its parents. */
function longestPaths(
  nodes: readonly GraphNode[],
  edges: readonly { from: string; to: string }[]
): ReadonlyMap<string, number> {
  const children = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  for (const { from, to } of edges) {
    push(children, from, to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const layerOf = new Map<string, number>();
  const reached = new Map<string, number>();
  const ready = nodes.filter(node => !waiting.has(node.name)).map(node => node.name);
  for (const name of ready) {
    const layer = reached.get(name) ?? 0;
    layerOf.set(name, layer);
    for (const child of children.get(name) ?? []) {
      reached.set(child, Math.max(reached.get(child) ?? 0, layer + 1));
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return layerOf;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function mean(names: readonly string[], rowOf: ReadonlyMap<string, number>): number | undefined {
  if (names.length === 0) return undefined;
  return names.reduce((sum, name) => sum + (rowOf.get(name) ?? 0), 0) / names.length;
}
