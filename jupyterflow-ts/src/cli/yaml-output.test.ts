import fc from 'fast-check';
import { parse } from 'yaml';
import { toYaml } from './yaml-output.js';

const readBack = (value: unknown): unknown[] => {
  const text = toYaml(value);
  return (['1.1', '1.2'] as const).map(version => parse(text, { version, merge: false, maxAliasCount: -1 }) as unknown);
};

test('lists, maps, texts and what is empty', () => {
  const value = {
    name: 'small',
    list: ['a', 1, true, null, { b: 'c', d: ['e'] }, [['f']], [], {}],
    empty: {},
    none: [],
    left: undefined,
    script: 'set -eu\n\n  echo "hello"\n',
    lines: ['a\nb', 'a\n\n'],
    after: '10Gi'
  };
  expect(toYaml(value)).toBe(`\
name: small
list:
  - a
  - 1
  - true
  - null
  - b: c
    d:
      - e
  - - - f
  - []
  - {}
empty: {}
none: []
script: |
  set -eu

    echo "hello"
lines:
  - |-
    a
    b
  - |+
    a

after: 10Gi
`);
});

test.each([
  ['python train.py --lr 0.1', 'python train.py --lr 0.1'],
  ['python:3.12-slim', 'python:3.12-slim'],
  ['https://hub.uis.no/x', 'https://hub.uis.no/x'],
  ['outputs/$(JUPYTERFLOW_JOB)', 'outputs/$(JUPYTERFLOW_JOB)'],
  ['86400s', '86400s'],
  ['{{workflow.name}}', '"{{workflow.name}}"'],
  ['yes', '"yes"'],
  ['010', '"010"'],
  ['1e3', '"1e3"'],
  ['12:30', '"12:30"'],
  ['2026-11-22', '"2026-11-22"'],
  ['', '""'],
  [' a', '" a"'],
  ['a ', '"a "'],
  ['a: b', '"a: b"'],
  ['a:', '"a:"'],
  ['a #b', '"a #b"'],
  ['- a', '"- a"'],
  ['*a', '"*a"'],
  ['a\tb', '"a\\tb"'],
  ['\n', '"\\n"'],
  ['\u2028', '"\\u2028"'],
  ['smørbrød', '"smørbrød"']
])('%j is written %s', (text, written) => {
  expect(toYaml(text)).toBe(`${written}\n`);
});

test('what is written is read back as it was, by both versions of YAML', () => {
  const piece = fc.constantFrom(
    'a',
    'yes',
    ' ',
    '\n',
    ': ',
    ' #',
    '-',
    '{{',
    '$',
    '"',
    "'",
    '|',
    '0',
    '.',
    '\\',
    '\t',
    'é',
    '\u0085',
    '\ud83d\ude00'
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 8 }).map(parts => parts.join(''))
  );
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(
        text.filter(key => key !== '__proto__'),
        tie('any'),
        { maxKeys: 4 }
      )
    )
  })).any;
  fc.assert(
    fc.property(value, written => {
      const plain = JSON.parse(JSON.stringify(written)) as unknown;
      expect(readBack(plain)).toEqual([plain, plain]);
    }),
    { numRuns: 500 }
  );
});
