/** A node of a dependency graph. Names in `dependsOn` that are no node's and no group's are ignored. */
export interface GraphNode {
  readonly name: string;
  /** Nodes of one group can be depended on by its name. */
  readonly group?: string;
  readonly dependsOn: readonly string[];
}

/** Where a node is drawn, in whole steps: `layer` along the direction of the edges, `row` across it. */
export interface PlacedNode {
  readonly name: string;
  readonly layer: number;
  readonly row: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface GraphLayout {
  /** Names by layer; within a layer in the order of the rows. */
  readonly layers: readonly (readonly string[])[];
  /** In the order of the nodes given. */
  readonly positions: readonly PlacedNode[];
  /** Edges between nodes that exist; of those to and from large groups the first {@link MAX_DRAWN} only. */
  readonly edges: readonly GraphEdge[];
}

/** More lines nobody can tell apart, and a group of n before one of m would have n times m. */
export const MAX_DRAWN = 20_000;

/**
 * Places an acyclic graph in layers: a node lies one layer after the last of what it depends on (longest path),
 * and nearest to the middle of them (barycentre heuristic of Sugiyama, Tagawa and Toda 1981, one pass).
 * Nodes on a cycle are put into layer 0. Time O((V + E) log V), whatever the size of the groups.
 */
export function layoutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const graph = new GroupedGraph(nodes);
  const layerOf = longestPaths(nodes, graph);
  const layers: string[][] = [];
  for (const node of nodes) (layers[layerOf.get(node.name) ?? 0] ??= []).push(node.name);

  const rowOf = new Map<string, number>();
  for (const layer of layers) {
    const rowsOfGroups = new Map<string, number>();
    const rowOfParent = (parent: string): number => {
      const members = graph.members.get(parent);
      if (members === undefined) return rowOf.get(parent) ?? 0;
      const known = rowsOfGroups.get(parent) ?? mean(members.map(member => rowOf.get(member) ?? 0)) ?? 0;
      rowsOfGroups.set(parent, known);
      return known;
    };
    const wish = new Map(
      layer.map((name, index) => [name, mean((graph.parents.get(name) ?? []).map(rowOfParent)) ?? index])
    );
    layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    layer.forEach((name, row) => rowOf.set(name, row));
  }
  const positions = nodes.map(({ name }) => ({ name, layer: layerOf.get(name) ?? 0, row: rowOf.get(name) ?? 0 }));
  return { layers, positions, edges: drawnEdges(nodes, graph) };
}

/** Who depends on whom, with each group as a point of its own: n nodes before m others are n + m lines. */
class GroupedGraph {
  /** Nodes of each group. A node that has the name of a group stands for itself. */
  readonly members = new Map<string, string[]>();
  /** Names of nodes and groups, without repeats, that exist. */
  readonly parents: ReadonlyMap<string, readonly string[]>;

  constructor(nodes: readonly GraphNode[]) {
    const names = new Set(nodes.map(({ name }) => name));
    for (const { name, group } of nodes) {
      if (group !== undefined && !names.has(group)) push(this.members, group, name);
    }
    const isKnown = (name: string): boolean => names.has(name) || this.members.has(name);
    this.parents = new Map(nodes.map(({ name, dependsOn }) => [name, [...new Set(dependsOn)].filter(isKnown)]));
  }
}

function drawnEdges(nodes: readonly GraphNode[], graph: GroupedGraph): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const { name: to } of nodes) {
    for (const parent of graph.parents.get(to) ?? []) {
      for (const from of graph.members.get(parent) ?? [parent]) {
        if (edges.length >= MAX_DRAWN && graph.members.has(parent)) break;
        edges.push({ from, to });
      }
    }
  }
  return edges;
}

/** Kahn's topological order; each node lies after the deepest of its parents. A group lies where the last of its nodes is. */
function longestPaths(nodes: readonly GraphNode[], graph: GroupedGraph): ReadonlyMap<string, number> {
  const children = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  const connect = (from: string, to: string): void => {
    push(children, from, to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  };
  for (const [to, parents] of graph.parents) for (const from of parents) connect(from, to);
  for (const [group, members] of graph.members) for (const member of members) connect(member, group);
  const layerOf = new Map<string, number>();
  const reached = new Map<string, number>();
  const ready = nodes.filter(node => !waiting.has(node.name)).map(node => node.name);
  for (const name of ready) {
    const layer = reached.get(name) ?? 0;
    layerOf.set(name, layer);
    for (const child of children.get(name) ?? []) {
      reached.set(child, Math.max(reached.get(child) ?? 0, graph.members.has(child) ? layer : layer + 1));
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

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
