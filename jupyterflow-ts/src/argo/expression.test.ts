import fc from 'fast-check';
import type { PlanCondition, PlanOperand } from '../plan/plan.js';
import { evaluate } from '../testing/argo-simulator/expression.js';
import * as expression from './expression.js';

const SCORE = { kind: 'output', job: 'train', output: 'score' } as const;
const references = { valueOf: () => expression.outputOf('train', 'score') };
const scopeOf = (score: string): Readonly<Record<string, unknown>> => ({
  tasks: { train: { status: 'Succeeded', outputs: { parameters: { score } } } }
});

test.each<[PlanOperand, '==' | '!=' | '<' | '<=' | '>' | '>=', PlanOperand, string]>([
  [SCORE, '==', 'done', "tasks['train'].outputs.parameters['score'] == 'done'"],
  [1, '<', 2, '1 < 2'],
  ['1.0', '==', 1, '1 == 1'],
  ['a', '<', 'b', "'a' < 'b'"],
  ["it's {{x}} ? a : \\", '!=', '', "'it\\u0027s \\u007b\\u007bx\\u007d\\u007d \\u003f a \\u003a \\u005c' != ''"]
])('%j %s %j', (left, kind, right, written) => {
  expect(expression.conditionOf({ kind, left, right }, references)).toBe(written);
});

/** What the contract says: of numbers when both sides are numbers, else of texts. */
function compare(kind: string, left: string, right: string): boolean {
  const number = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
  const numbers = number.test(left) && number.test(right);
  const [a, b] = numbers ? [Number(left), Number(right)] : [left, right];
  const order = a < b ? -1 : a > b ? 1 : 0;
  const holds = {
    '==': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0
  };
  return holds[kind as keyof typeof holds];
}

const value = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '1.0',
    '01',
    '-2',
    '1e1',
    '10',
    '.5',
    '5.',
    '',
    'a',
    'Succeeded',
    '1x',
    "' || true || '",
    '}}',
    '{{='
  ),
  fc.string()
);
const kinds = fc.constantFrom('==' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const);

test('a comparison with what is known only while the run goes holds as the plan says, whatever that is', () => {
  fc.assert(
    fc.property(value, kinds, value, fc.boolean(), (output, kind, known, isLeft) => {
      const condition = isLeft ? { kind, left: SCORE, right: known } : { kind, left: known, right: SCORE };
      const text = expression.conditionOf(condition, references);
      expect(text).not.toMatch(/\?|\{\{|\}\}/);
      const expected = isLeft ? compare(kind, output, known) : compare(kind, known, output);
      expect(evaluate(text, scopeOf(output))).toBe(expected);
    }),
    { numRuns: 500 }
  );
});

test('conditions are put together', () => {
  const is = (right: string): PlanCondition => ({ kind: '==', left: SCORE, right });
  const condition: PlanCondition = {
    kind: 'any',
    of: [
      { kind: 'all', of: [is('a'), { kind: 'not', of: is('b') }] },
      { kind: 'all', of: [is('c')] },
      { kind: 'any', of: [] }
    ]
  };
  const a = "tasks['train'].outputs.parameters['score']";
  expect(expression.conditionOf(condition, references)).toBe(
    `((${a} == 'a' && !(${a} == 'b')) || ${a} == 'c' || false)`
  );
});

test('an output that is missing is the text that is wanted then', () => {
  const text = expression.orElse(expression.outputIfAny('train', 'score'), '[]');
  expect(evaluate(text, scopeOf('5'))).toBe('5');
  expect(evaluate(text, { tasks: { train: { status: 'Skipped' } } })).toBe('[]');
});

test('an output of a task that did not succeed is missing, also when Argo has kept it', () => {
  const text = expression.orElse(expression.outputIfSucceeded('train', 'score'), '');
  expect(evaluate(text, scopeOf('5'))).toBe('5');
  expect(evaluate(text, { tasks: { train: { status: 'Omitted' } } })).toBe('');
  const failed = { status: 'Failed', outputs: { parameters: { score: '5' } } };
  expect(evaluate(text, { tasks: { train: failed } })).toBe('');
});

test('a list of outputs has those that are there', () => {
  const text = expression.listOf(['train', 'test'].map(task => expression.outputIfAny(task, 'score')));
  const test = { status: 'Skipped' };
  expect(evaluate(text, { tasks: { ...(scopeOf('5')['tasks'] as object), test } })).toBe('["5"]');
});

test.each([
  [['Succeeded', 'Failed'], 'Failed'],
  [['Failed', 'Error', 'Succeeded'], 'Error'],
  [['Skipped', 'Succeeded'], 'Succeeded'],
  [['Omitted', 'Succeeded'], 'Omitted'],
  [['Skipped', 'Skipped'], 'Skipped']
])('the worst of %j is %s', (statuses, worst) => {
  const names = statuses.map((_, at) => `train-${at}`);
  const tasks = Object.fromEntries(names.map((name, at) => [name, { status: statuses[at] }]));
  expect(evaluate(expression.worstStatusOf(names), { tasks })).toBe(worst);
});

test('items are texts, however the list has them, and nothing in them is read again', () => {
  const list = [
    { name: '$(HOME)', size: 3 },
    { name: '{{x}}', size: null }
  ];
  const texts = new Map([
    ['copy', expression.POSITION],
    ['name', expression.encoded(expression.itemOf(references.valueOf(), 'name'))],
    ['size', expression.encoded(expression.itemOf(references.valueOf(), 'size'))],
    ['all', expression.encoded(expression.itemOf(references.valueOf(), undefined))]
  ]);
  const items = JSON.parse(
    String(evaluate(expression.mapOf(references.valueOf(), texts), scopeOf(JSON.stringify(list))))
  ) as unknown;
  const B = '$(JUPYTERFLOW_BRACE)';
  expect(items).toEqual([
    { copy: '0', name: '$$(HOME)', size: '3', all: `${B}"name":"$$(HOME)","size":3}` },
    { copy: '1', name: `${B}${B}x}}`, size: 'null', all: `${B}"name":"${B}${B}x}}","size":null}` }
  ]);
  expect(evaluate(expression.mapOf(references.valueOf(), texts), scopeOf('[]'))).toBe('[]');
});

test.each(['', '{}', '{"a": 1}', '"ab"', '3', 'null', 'true', 'one', '[1'])('%j is no list to go over', text => {
  const source = expression.mapOf(references.valueOf(), new Map([['copy', expression.POSITION]]));
  expect(() => evaluate(source, scopeOf(text))).toThrow();
});

test('any text in quotes is that text', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(evaluate(expression.quote(text), {})).toBe(text);
      expect(expression.quote(text)).not.toMatch(/[?:]|\{\{|\}\}/);
    })
  );
});
