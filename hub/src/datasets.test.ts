import { toCsv } from './datasets.js';

test.each([
  ['numbers and words', [{ a: 1, b: 'x' }], 'a,b\r\n1,x\r\n'],
  ['null as an empty field', [{ a: null, b: 2 }], 'a,b\r\n,2\r\n'],
  ['commas, quotes and line ends in quotes', [{ a: 'x,y', b: 'say "hi"\n' }], 'a,b\r\n"x,y","say ""hi""\n"\r\n']
])('a table as CSV: %s', (_, rows, csv) => {
  expect(toCsv(rows)).toBe(csv);
});
