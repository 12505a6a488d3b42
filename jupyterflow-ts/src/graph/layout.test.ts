import fc from 'fast-check';
import { layoutGraph } from './layout.js';

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
