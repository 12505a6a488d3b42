import fc from 'fast-check';
import { matches } from './glob.js';

test.each([
  ['a.csv', 'a.csv', true],
  ['a.csv', 'b.csv', false],
  ['*.csv', 'a.csv', true],
  ['*.csv', 'a/b.csv', false],
  ['*.csv', '.hidden.csv', false],
  ['.*.csv', '.hidden.csv', true],
  ['data/*', 'data/x', true],
  ['data/*', 'data', false],
  ['data/*', 'data/x/y', false],
  ['**', 'a/b/c', true],
  ['**/*.csv', 'a.csv', true],
  ['**/*.csv', 'a/b/c.csv', true],
  ['data/**/x.csv', 'data/x.csv', true],
  ['data/**/x.csv', 'data/a/b/x.csv', true],
  ['data/**/x.csv', 'other/x.csv', false],
  ['data/**', 'data/a/b', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['?', 'ü', true],
  ['?', '😀', true],
  ['a*b*c', 'axxbyyc', true],
  ['a*b*c', 'axxbyy', false],
  ['[ab].csv', 'a.csv', false],
  ['[ab].csv', '[ab].csv', true]
])('%j matches %j: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected);
});

test('a text without wildcards matches itself alone', () => {
  const path = fc
    .array(fc.stringMatching(/^[a-c]{1,3}$/), { minLength: 1, maxLength: 3 })
    .map(names => names.join('/'));
  fc.assert(fc.property(path, path, (a, b) => expect(matches(a, b)).toBe(a === b)));
});

test('many wildcards against a long name that does not fit are no work', () => {
  expect(matches(`${'*a'.repeat(100)}b`, 'a'.repeat(4000))).toBe(false);
  expect(matches(`${'**/a/'.repeat(100)}b`, 'a/'.repeat(2000))).toBe(false);
});
