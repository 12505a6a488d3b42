import fc from 'fast-check';
import { join } from 'shlex';
import { splitWords } from './words.js';

test.each([
  ['', []],
  ['  a   b\tc\nd ', ['a', 'b', 'c', 'd']],
  [`a'b c'"d e"f`, ['ab cd ef']],
  [`''  ""`, ['', '']],
  [`a\\ b \\\\ \\'`, ['a b', '\\', "'"]],
  [`"\\$x \\a \\"q\\""`, ['$x \\a "q"']],
  [`'\\n'`, ['\\n']],
  ['a\\\nb "c\\\nd"', ['ab', 'cd']],
  ['end\\', ['end\\']],
  ['# no comment $HOME *', ['#', 'no', 'comment', '$HOME', '*']]
])('%j has the words %j', (text, words) => {
  expect(splitWords(text)).toEqual({ words });
});

test.each([
  [`echo 'a`, 5],
  [`"a" "b`, 4],
  [`a\\' 'b"`, 4]
])('%j has a quote that is not closed', (text, unclosed) => {
  expect(splitWords(text)).toEqual({ unclosed });
});

test('words that were quoted for a shell come back', () => {
  const word = fc.string({ unit: 'binary' });
  fc.assert(fc.property(fc.array(word), words => expect(splitWords(join(words))).toEqual({ words })));
});
