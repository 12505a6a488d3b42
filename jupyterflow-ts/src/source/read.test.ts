import { toValue } from './node.js';
import { MAX_LENGTH, readYaml } from './read.js';
import { quote } from './syntax.js';

const value = (text: string): unknown => {
  const { root, problems } = readYaml(text);
  expect(problems).toEqual([]);
  return root === undefined ? undefined : toValue(root);
};
const problems = (text: string): readonly string[] =>
  readYaml(text).problems.map(({ id, span, message }) => `${id} ${span.start}-${span.end}: ${message}`);

test.each([
  ['a: yes', { a: 'yes' }],
  ['a: 010\nb: 0o10\nc: 1e3\nd: ~\ne: no', { a: 10, b: 8, c: 1000, d: null, e: 'no' }],
  ["a: \"x\\ty\"\nb: 'it''s'\nc: |\n  two\n  lines\n", { a: 'x\ty', b: "it's", c: 'two\nlines\n' }],
  ['a: 1 # comment\r\nb: 2\r\n', { a: 1, b: 2 }],
  ['base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3', { base: { x: 1, y: 2 }, c: { y: 3, x: 1 } }],
  ['c:\n  <<: [{x: 1}, {x: 2, y: 2}]', { c: { x: 1, y: 2 } }],
  ["'<<': 1", { '<<': 1 }],
  ['- &a x\n- *a\n- &a y\n- *a', ['x', 'x', 'y', 'y']],
  ['? a\n: b', { a: 'b' }],
  ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
  ['%YAML 1.2\n---\na: b\n...\n', { a: 'b' }],
  ['n: 12345678901234567890', { n: 12345678901234567000 }]
])('%j', (text, expected) => {
  expect(value(text)).toEqual(expected);
});

test.each([
  ['', 'empty-file 0-0: the file is empty'],
  ['# nothing\n', 'empty-file 0-1: the file is empty'],
  ['---\n', 'empty-file 0-1: the file is empty'],
  ['a: 1\na: 2', 'duplicate-key 5-6: the key `a` is here a second time'],
  ['a: 1\n---\nb: 2', 'several-documents 5-8: the file has more than one YAML document'],
  ['a:\n\t- b', 'yaml-syntax 3-4: a tab is used to indent'],
  ['a: *x', 'unknown-alias 3-5: no anchor &x comes before this alias'],
  ['a: &x [*x]', 'recursive-alias 7-9: the alias *x is inside of what it stands for'],
  ['? [a]\n: b', 'key-not-scalar 2-5: a key must be a word, not a list or a map'],
  ['<<: 1', 'merge-not-map 4-5: the merge key << needs a map, or a list of maps'],
  ['a: @b', 'yaml-syntax 3-4: a text can not begin with @ in YAML'],
  ['a: "b', 'yaml-syntax 3-4: this quote is never closed']
])('%j: %s', (text, problem) => {
  expect(problems(text)).toEqual([problem]);
});

test('both places of a repeated key are told', () => {
  expect(readYaml('a: 1\na: 2').problems[0]?.related).toEqual([
    { message: 'the first is here', span: { start: 0, end: 1 } }
  ]);
});

describe('hostile files end early', () => {
  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [name, of] of [
    ['b', 'a'],
    ['c', 'b'],
    ['d', 'c'],
    ['e', 'd'],
    ['f', 'e'],
    ['g', 'f'],
    ['h', 'g']
  ]) {
    laughs.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(', ')}]`);
  }
  test.each([
    ['billion laughs', laughs.join('\n'), 'too-large'],
    ['brackets', '['.repeat(100_000), 'too-deep'],
    ['maps', '{a: '.repeat(50_000), 'too-deep'],
    ['dashes', '- '.repeat(100_000), 'too-deep'],
    ['question marks', '? '.repeat(100_000), 'too-deep'],
    ['indentation', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'too-deep'],
    ['length', 'a'.repeat(MAX_LENGTH + 1), 'too-large']
  ])('%s', (_, text, id) => {
    expect(readYaml(text).problems.map(problem => problem.id)).toEqual([id]);
  });

  test('a hundred thousand aliases are read in one pass', () => {
    expect(readYaml(`- &a x\n${'- *a\n'.repeat(100_000)}`).problems).toEqual([]);
  });
});

test('JSON on one line is as deep as its brackets', () => {
  const value = { jobs: Array.from({ length: 200 }, (_, i) => ({ command: `echo ${i}`, env: { N: i } })) };
  expect(readYaml(JSON.stringify(value)).problems).toEqual([]);
});

test('a text is quoted as YAML quotes it', () => {
  expect(value(quote("it's: a #"))).toBe("it's: a #");
});
