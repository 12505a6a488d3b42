import fc from 'fast-check';
import { parseEdge } from './edge-syntax.js';

const groups = (text: string): unknown => {
  const chain = parseEdge(text);
  return 'message' in chain ? chain : chain.map(refs => refs.map(ref => ref.text));
};

test.each([
  ['1 >> 2', [['1'], ['2']]],
  ['a>>b', [['a'], ['b']]],
  ['1\t>>\t2', [['1'], ['2']]],
  ['1 >> b >> job-3', [['1'], ['b'], ['job-3']]],
  ['[1, 2] >> 3', [['1', '2'], ['3']]],
  [
    '1, 2 >> [3, four]',
    [
      ['1', '2'],
      ['3', 'four']
    ]
  ]
])('%j is the chain %j', (text, chain) => {
  expect(groups(text)).toEqual(chain);
});

const HINT = 'Write: a >> b';

test.each([
  ['1 > 2', '`>` is not an arrow', 2, 3],
  ['1 -> 2', '`->` is not an arrow', 2, 4],
  ['1 => 2', '`=>` is not an arrow', 2, 4],
  ['1 << 2', '`<<` is not an arrow', 2, 4],
  ['1 >>> 2', '`>>>` is not an arrow', 2, 5],
  ['1 >>', 'a job is missing after `>>`', 2, 4],
  ['>> 2', '`>>` is not expected here', 0, 2],
  ['1 >> >> 2', '`>>` is not expected here', 5, 7],
  ['1, >> 2', '`>>` is not expected here', 3, 5],
  ['1 2', '`2` is not expected here', 2, 3],
  ['[1 >> 2', '`>>` is not expected here', 3, 5],
  ['1] >> 2', '`]` is not expected here', 1, 2],
  ['', 'the edge is empty', 0, 0],
  ['1', 'an edge needs two jobs', 0, 1]
])('%j: %s', (text, message, start, end) => {
  expect(parseEdge(text)).toEqual({ message, hint: HINT, start, end });
});

test('a list that is not closed is pointed at where it opens', () => {
  expect(parseEdge('1 >> [2, 3')).toEqual({ message: '`[` is not closed by `]`', start: 5, end: 6 });
});

test('any text is a chain or an error inside of the text', () => {
  const text = fc.string({ unit: fc.constantFrom('1', 'a', '>>', '>', '-', ',', '[', ']', ' ', '\t', 'é') });
  fc.assert(
    fc.property(text, edge => {
      const chain = parseEdge(edge);
      if ('message' in chain) expect(chain.start <= chain.end && chain.end <= edge.length).toBe(true);
      else expect(chain.flat().every(ref => edge.slice(ref.start, ref.end) === ref.text)).toBe(true);
    })
  );
});
