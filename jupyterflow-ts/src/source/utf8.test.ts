import { decodeUtf8, findNotUtf8 } from './utf8.js';
import { readYaml } from './read.js';

const found = (bytes: readonly number[]): string => {
  const { span, message, hint } = findNotUtf8(decodeUtf8(Uint8Array.from(bytes))) ?? { span: { start: -1 } };
  return `${span.start} ${message ?? ''} ${hint ?? ''}`.trim();
};

test.each([
  ['text', [0x61, 0xc3, 0xa9, 0x0a], '-1'],
  ['characters beyond 16 bits', [0xf0, 0x9f, 0x98, 0x80], '-1'],
  [
    'Latin-1 after a line of UTF-8',
    [0xc3, 0xa9, 0x0a, 0x61, 0xe9, 0x0a],
    '3 the byte 0xe9 is not UTF-8 Save the file as UTF-8. In Latin-1 it is é.'
  ],
  [
    'a character that is cut off',
    [0x61, 0xc3],
    '1 the byte 0xc3 is not UTF-8 Save the file as UTF-8. In Latin-1 it is Ã.'
  ],
  ['a byte that Latin-1 has no letter for', [0x80], '0 the byte 0x80 is not UTF-8 Save the file as UTF-8.']
])('%s', (_, bytes, problem) => {
  expect(found(bytes)).toBe(problem);
});

test('the other mistakes of the file are told too, unless all of it is another encoding', () => {
  const latin = decodeUtf8(Buffer.from('a: \xe9\na: 1\n', 'latin1'));
  expect(readYaml(latin).problems.map(({ id }) => id)).toEqual(['not-utf8', 'duplicate-key']);
  const utf16 = decodeUtf8(Buffer.from('\ufeffa: 1\na: 1\n', 'utf16le'));
  expect(readYaml(utf16).problems.map(({ id }) => id)).toEqual(['not-utf8']);
});
