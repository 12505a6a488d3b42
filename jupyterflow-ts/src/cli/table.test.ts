import stringWidth from 'string-width';
import fc from 'fast-check';
import { cut, table } from './table.js';

test('columns stand below one another, also below wide characters', () => {
  expect(
    table([
      ['NAME', 'STATE'],
      ['数据', 'open'],
      ['a', '']
    ])
  ).toBe('NAME  STATE\n数据  open\na\n');
});

test('the widest columns are cut where a row would not fit', () => {
  const rows = [
    ['NAME', 'STATE', 'FOLDER'],
    ['a-long-name-of-a-run-x7k2p', 'Succeeded', '/home/jovyan/a/folder/far/below']
  ];
  expect(table(rows, 40)).toBe('NAME           STATE      FOLDER\na-long-name-…  Succeeded  /home/jovyan/…\n');
  expect(table(rows, 80).split('\n')[1]).toBe(rows[1]?.join('  '));
  expect(table(rows, 5).split('\n')[1]).toBe('a-lon…  Succe…  /home…');
});

test('a row is one line, and steers no terminal', () => {
  expect(table([['a\nb\t\u001b[2J', 'c']])).toBe('a b \uFFFD[2J  c\n');
});

test.each([
  ['short', 10, 'short'],
  ['exactly', 7, 'exactly'],
  ['too long', 5, 'too …'],
  ['数据数据', 5, '数据…'],
  ['👩‍🔬👩‍🔬👩‍🔬', 5, '👩‍🔬👩‍🔬…'],
  ['x', 0, '']
])('%s in %i columns', (text, width, shown) => {
  expect(cut(text, width)).toBe(shown);
});

test('what was cut fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
      expect(stringWidth(cut(text, width))).toBeLessThanOrEqual(width);
    })
  );
});
