import fc from 'fast-check';
import type { PlanCondition } from '../plan/plan.js';
import { fillNode } from '../expression/fill.js';
import { parseCondition } from './condition-syntax.js';

const PARAMS = new Map(
  Object.entries({ n: '3', word: 'fast', evil: "' || true == 'true", on: 'true', empty: '' }).map(([name, text]) => [
    name,
    { text, value: text }
  ])
);

function parse(text: string): ReturnType<typeof parseCondition> {
  const node = fillNode({ kind: 'scalar', span: { start: 0, end: 0 }, value: text, text }, { params: PARAMS });
  return parseCondition(text, node.kind === 'scalar' ? (node.parts ?? []) : []);
}

const is = (left: unknown, kind: string, right: unknown): object => ({ kind, left, right });
const score = { kind: 'output', job: 'a', output: 'score' };
const SCORE = '${{ jobs.a.outputs.score }}';

test.each<[string, object]>([
  ['1 < 2', is(1, '<', 2)],
  ['-1.5e3>=+.5', is(-1500, '>=', 0.5)],
  ["a == 'b c'", is('a', '==', 'b c')],
  ['"a\\"b" != \'1\'', is('a"b', '!=', '1')],
  [`${SCORE} > 0.9`, is(score, '>', 0.9)],
  [`'${SCORE}' == x`, is(score, '==', 'x')],
  ['${{ params.n }} == ${{ params.word }}', is(3, '==', 'fast')],
  ["'${{ params.n }}' == 'v${{ params.n }}'", is('3', '==', 'v3')],
  ['${{ params.evil }} == a', is("' || true == 'true", '==', 'a')],
  ["'${{ params.evil }}' == a", is("' || true == 'true", '==', 'a')],
  ['${{ params.empty }} == ""', is('', '==', '')],
  ['true', is('true', '==', 'true')],
  [SCORE, is(score, '==', 'true')],
  ['!${{ params.on }}', { kind: 'not', of: is('true', '==', 'true') }],
  ['!!false', { kind: 'not', of: { kind: 'not', of: is('false', '==', 'true') } }],
  [
    '1 == 1 && 2 == 2 || !(3 == 3 || a == b)',
    {
      kind: 'any',
      of: [
        { kind: 'all', of: [is(1, '==', 1), is(2, '==', 2)] },
        { kind: 'not', of: { kind: 'any', of: [is(3, '==', 3), is('a', '==', 'b')] } }
      ]
    }
  ]
])('%s', (text, condition) => {
  expect(parse(text)).toEqual(condition);
});

test.each([
  ['', 'the condition ends too early', 0, 0],
  ['1 ==', 'nothing stands after `==`', 2, 4],
  ['(1 == 1', '`(` is not closed by `)`', 0, 1],
  ['1 == 1 2', '`2` is not expected here', 7, 8],
  [`${SCORE} = 1`, '`=` compares nothing', 28, 29],
  [`${SCORE} > 1 &&`, 'the condition ends too early', 32, 34],
  [`'x${SCORE}' == a`, 'what is known only while the run goes must stand alone', 0, 30],
  ["a == 'b", 'this quote is never closed', 5, 6],
  [`${'('.repeat(60)}1 == 1${')'.repeat(60)}`, 'nested more than 50 levels deep', 50, 51],
  ['!'.repeat(60), 'nested more than 50 levels deep', 50, 51]
])('%s: %s', (text, message, start, end) => {
  expect(parse(text)).toMatchObject({ message, start, end });
});

test('any text is a condition, or an error inside of the text', () => {
  const piece = fc.constantFrom(
    '1',
    'a',
    '==',
    '<',
    '&&',
    '||',
    '!',
    '(',
    ')',
    "'",
    '"',
    ' ',
    SCORE,
    '\uE000',
    '\\',
    '$'
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }).map(pieces => pieces.join('')),
      text => {
        const condition = parse(text);
        if ('message' in condition) expect(condition.start <= condition.end && condition.end <= text.length).toBe(true);
      }
    )
  );
});

/** A condition as a text that has to be read as it. */
function write(condition: PlanCondition): string {
  switch (condition.kind) {
    case 'all':
      return `(${condition.of.map(write).join(' && ')})`;
    case 'any':
      return `(${condition.of.map(write).join(' || ')})`;
    case 'not':
      return `!(${write(condition.of)})`;
    default:
      return `${JSON.stringify(condition.left)} ${condition.kind} ${JSON.stringify(condition.right)}`;
  }
}

test('a written condition is read as it was', () => {
  const { condition } = fc.letrec<{ condition: PlanCondition }>(tie => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      fc.record({
        kind: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
        left: fc.nat(),
        right: fc.constantFrom('a', 'b-c')
      }),
      fc.record({
        kind: fc.constantFrom('all', 'any'),
        of: fc.array(tie('condition'), { minLength: 2, maxLength: 3 })
      }),
      fc.record({ kind: fc.constant('not'), of: tie('condition') })
    )
  }));
  fc.assert(fc.property(condition, original => expect(parse(write(original))).toEqual(original)));
});
