import fc from 'fast-check';
import { layoutGraph, MAX_DRAWN } from './layout.js';

test('a job lies after all it waits for, near the middle of them', () => {
  //  a -> c ->+
  //  b -> d ->+-> e
  const nodes = [
    { name: 'a', dependsOn: [] },
    { name: 'b', dependsOn: [] },
    { name: 'd', dependsOn: ['b'] },
    { name: 'c', dependsOn: ['a', 'gone'] },
    { name: 'e', dependsOn: ['c', 'd', 'd'] }
  ];
  expect(layoutGraph(nodes)).toEqual({
    layers: [['a', 'b'], ['c', 'd'], ['e']],
    positions: [
      { name: 'a', layer: 0, row: 0 },
      { name: 'b', layer: 0, row: 1 },
      { name: 'd', layer: 1, row: 1 },
      { name: 'c', layer: 1, row: 0 },
      { name: 'e', layer: 2, row: 0 }
    ],
    edges: [
      { from: 'b', to: 'd' },
      { from: 'a', to: 'c' },
      { from: 'c', to: 'e' },
      { from: 'd', to: 'e' }
    ]
  });
});

test('nodes on a cycle are drawn all the same', () => {
  const { layers } = layoutGraph([
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] }
  ]);
  expect(layers).toEqual([['a', 'b']]);
});

test('no place is taken twice, and every edge goes forward', () => {
  const graph = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 30 })
    .map(rows =>
      rows.map((row, index) => ({ name: `n${index}`, dependsOn: index === 0 ? [] : row.map(at => `n${at % index}`) }))
    );
  fc.assert(
    fc.property(graph, nodes => {
      const { positions, edges } = layoutGraph(nodes);
      const layer = new Map(positions.map(place => [place.name, place.layer]));
      expect(new Set(positions.map(place => `${place.layer} ${place.row}`)).size).toBe(nodes.length);
      for (const { from, to } of edges) expect(layer.get(from)!).toBeLessThan(layer.get(to)!);
    })
  );
});

//  a-0 -+-> b-0
//  a-1 -+-> b-1
test('what depends on a group lies after all its nodes', () => {
  const nodes = [
    { name: 'x', dependsOn: [] },
    { name: 'a-0', group: 'a', dependsOn: [] },
    { name: 'a-1', group: 'a', dependsOn: ['x'] },
    { name: 'b-0', group: 'b', dependsOn: ['a'] },
    { name: 'b-1', group: 'b', dependsOn: ['a'] }
  ];
  const { layers, edges } = layoutGraph(nodes);
  expect(layers).toEqual([['x', 'a-0'], ['a-1'], ['b-0', 'b-1']]);
  expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['x a-1', 'a-0 b-0', 'a-1 b-0', 'a-0 b-1', 'a-1 b-1']);
});

test('groups of thousands are laid out, and not every line between them is drawn', () => {
  const copies = (
    group: string,
    dependsOn: readonly string[]
  ): { name: string; group: string; dependsOn: readonly string[] }[] =>
    Array.from({ length: 3000 }, (_, index) => ({ name: `${group}-${index}`, group, dependsOn }));
  const { layers, edges } = layoutGraph([...copies('a', []), ...copies('b', ['a']), ...copies('c', ['b'])]);
  expect(layers.map(layer => layer.length)).toEqual([3000, 3000, 3000]);
  expect(edges).toHaveLength(MAX_DRAWN);
});
