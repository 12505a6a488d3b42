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

const LONE = '1 >> b. A job that waits for no other needs no edge.';

test.each([
  ['1 > 2', '`>` is not an arrow', '1 >> 2', 2, 3],
  ['1 -> 2', '`->` is not an arrow', '1 >> 2', 2, 4],
  ['1 => 2', '`=>` is not an arrow', '1 >> 2', 2, 4],
  ['1 << 2', '`<<` is not an arrow', '1 >> 2', 2, 4],
  ['1 >>> 2', '`>>>` is not an arrow', '1 >> 2', 2, 5],
  ['1 >>', 'a job is missing after `>>`', LONE, 2, 4],
  ['>> 2', '`>>` is not expected here', 'a >> 2', 0, 2],
  ['1 >> >> 2', '`>>` is not expected here', '1 >> 2', 5, 7],
  ['1, >> 2', '`>>` is not expected here', 'a >> b', 3, 5],
  ['1 2', '`2` is not expected here', '1 >> 2', 2, 3],
  ['[1 >> 2', '`>>` is not expected here', "'[1] >> 2'", 3, 5],
  ['1] >> 2', '`]` is not expected here', 'a >> b', 1, 2],
  ['', 'the edge is empty', 'a >> b', 0, 0],
  ['1', 'an edge needs two jobs', LONE, 0, 1]
])('%j: %s', (text, message, hint, start, end) => {
  expect(parseEdge(text)).toEqual({ message, hint: `Write: ${hint}`, start, end });
});

test('a list that is not closed is pointed at where it opens', () => {
  const hint = 'Write: 1 >> [2, 3]';
  expect(parseEdge('1 >> [2, 3')).toEqual({ message: '`[` is not closed by `]`', hint, start: 5, end: 6 });
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
