import fc from 'fast-check';
import { toValue, type SourceNode } from '../source/node.js';
import { readYaml } from '../source/read.js';
import { fillNode, type Params, type Scope } from './fill.js';

const params: Params = new Map([
  ['text', { text: 'a b', value: 'a b' }],
  ['octal', { text: '010', value: 10 }],
  ['digits', { text: '7', value: '7' }],
  ['inner', { text: '${{ params.text }} ${{ secrets.a.b }}', value: '' }]
]);
const item = readYaml('{name: x, nested: {a: [1, 2]}, none: ~}').root!;

const fill = (yaml: string, scope: Scope = { params, item, index: 2 }): unknown =>
  toValue(fillNode(readYaml(yaml).root!, scope));

test.each<[string, unknown]>([
  ["- 'x${{ params.text }}y${{params.octal}}'", ['xa by010']],
  ['- ${{ params.text }}', ['a b']],
  ['- ${{ params.inner }}', ['${{ params.text }} ${{ secrets.a.b }}']],
  ['- ${{ params.gone }} ${{ jobs.a.status }}', ['${{ params.gone }} ${{ jobs.a.status }}']],
  ['- ${{ item.name }} ${{ index }}', ['x 2']],
  ['- ${{ item.nested }} ${{ item.none }}', ['{"a":[1,2]} ']],
  ["- '${{ params.text'", ['${{ params.text']],
  ["{retries: '${{ params.digits }}', image: '${{ params.digits }}'}", { retries: 7, image: '7' }],
  ["{retries: '${{ params.octal }}', env: {A: '${{ params.octal }}'}}", { retries: 10, env: { A: '010' } }],
  ["{parameters: {n: '${{ params.octal }}', t: 'x${{ params.octal }}'}}", { parameters: { n: 10, t: 'x010' } }],
  ['{"${{ params.text }}": 1}', { '${{ params.text }}': 1 }]
])('%s', (yaml, value) => {
  expect(fill(yaml)).toEqual(value);
});

test('what can not be known yet stays an expression beside the values', () => {
  const node = fillNode(readYaml("'${{ params.text }}-${{ jobs.a.outputs.b }}'").root!, { params });
  expect(node.kind === 'scalar' && node.parts).toEqual([
    { kind: 'value', text: 'a b', param: 'text', start: 0, end: 18 },
    { kind: 'text', text: '-' },
    {
      kind: 'expression',
      text: '${{ jobs.a.outputs.b }}',
      expression: { kind: 'output', job: 'a', output: 'b' },
      start: 19,
      end: 42
    }
  ]);
});

test('a node without expressions is given back itself', () => {
  const text = fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', ' ') });
  fc.assert(
    fc.property(fc.array(text), texts => {
      const node: SourceNode = readYaml(JSON.stringify(texts)).root!;
      expect(fillNode(node, { params })).toBe(node);
    })
  );
});
