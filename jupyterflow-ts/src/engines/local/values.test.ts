import fc from 'fast-check';
import type { PlanCondition, PlanReference } from '../../plan/plan.js';
import { isTrue, itemsOf, parseItems, valueOf, type Known, type Scope } from './values.js';

const JOBS: readonly (Known & { readonly group?: string })[] = [
  { name: 'a', phase: 'Succeeded', outputs: { x: '1', constructor: 'own' } },
  { name: 'b', phase: 'Skipped' },
  { name: 'g-0', group: 'g', phase: 'Succeeded', outputs: { x: '{"n": 1}', y: '1' } },
  { name: 'g-1', group: 'g', phase: 'Skipped' },
  { name: 'g-2', group: 'g', phase: 'Succeeded', outputs: { x: '[2]', y: '[2]' } }
];

function scope(more: Partial<Scope> = {}): Scope {
  return {
    members: name => JOBS.filter(job => job.name === name || job.group === name),
    isGroup: name => name === 'g',
    status: name => JOBS.find(job => job.name === name)!.phase,
    lists: new Map(),
    ...more
  };
}

const out = (job: string, output: string): PlanReference => ({ kind: 'output', job, output });

test.each<[string, PlanReference, Partial<Scope>, string]>([
  ['an output of a job', out('a', 'x'), {}, '1'],
  ['an output that is called like a method', out('a', 'constructor'), {}, 'own'],
  ['an output of a job that was Skipped', out('b', 'x'), {}, ''],
  ['outputs of a group that are lists or maps', out('g', 'x'), {}, '[{"n":1},[2]]'],
  ['outputs of a group that are not all', out('g', 'y'), {}, '["1","[2]"]'],
  ['an output that no job of a group has', out('g', 'z'), {}, '[]'],
  ['a status', { kind: 'status', job: 'b' }, {}, 'Skipped'],
  ['an item that is a text', { kind: 'item' }, { item: { value: 'one' } }, 'one'],
  ['an item that is a number', { kind: 'item' }, { item: { value: 1.5 } }, '1.5'],
  ['an item that is null', { kind: 'item' }, { item: { value: null } }, 'null'],
  ['an item that is a map', { kind: 'item' }, { item: { value: { k: [1] } } }, '{"k":[1]}'],
  ['a key of an item', { kind: 'item', key: 'k' }, { item: { value: { k: true } } }, 'true'],
  ['the status of the run', { kind: 'run-status' }, { runStatus: 'Failed' }, 'Failed']
])('%s is a text', (_, reference, more, text) => {
  expect(valueOf(reference, scope(more))).toBe(text);
});

test.each<[string, PlanReference, Partial<Scope>, string]>([
  ['an output that a job does not have', out('a', 'z'), {}, 'the output z of a is not there: it has none of that name'],
  [
    'an output of every object',
    out('a', 'toString'),
    {},
    'the output toString of a is not there: it has none of that name'
  ],
  ['an item where there is none', { kind: 'item' }, {}, 'there is no item: the job has no foreach'],
  ['a key that an item does not have', { kind: 'item', key: 'z' }, { item: { value: {} } }, 'the item has no z'],
  ['a key of every object', { kind: 'item', key: '__proto__' }, { item: { value: {} } }, 'the item has no __proto__'],
  ['a key of a text', { kind: 'item', key: 'length' }, { item: { value: 'abc' } }, 'the item has no length'],
  ['the status of the run in a job', { kind: 'run-status' }, {}, 'the status of the run is known only to onExit']
])('%s is missing', (_, reference, more, message) => {
  expect(() => valueOf(reference, scope(more))).toThrow(message);
});

test.each<[string | number, '==' | '!=' | '<' | '<=' | '>' | '>=', string | number, boolean]>([
  ['10', '>', '9', true],
  ['10', '>', 'a9', false],
  ['1.0', '==', 1, true],
  ['1e3', '==', '1000', true],
  ['.5', '<', 0.6, true],
  ['-1', '<=', '-1', true],
  ['0x10', '==', 16, false],
  ['', '==', 0, false],
  [' 1', '==', 1, false],
  ['Infinity', '>', 1, true],
  ['b', '>=', 'a', true],
  ['a', '!=', 'A', true]
])('%j %s %j is %s', (left, kind, right, expected) => {
  expect(isTrue({ kind, left, right }, scope())).toBe(expected);
});

test('what does not matter any more is not looked at', () => {
  const missing: PlanCondition = { kind: '==', left: { kind: 'item' }, right: 1 };
  const yes: PlanCondition = { kind: '==', left: 1, right: 1 };
  expect(isTrue({ kind: 'any', of: [yes, missing] }, scope())).toBe(true);
  expect(isTrue({ kind: 'all', of: [{ kind: 'not', of: yes }, missing] }, scope())).toBe(false);
  expect(() => isTrue({ kind: 'all', of: [yes, missing] }, scope())).toThrow('there is no item');
});

test('comparisons of numbers are those of numbers', () => {
  const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(isTrue({ kind: '<', left: String(a), right: b }, scope())).toBe(a < b);
      expect(isTrue({ kind: '==', left: a, right: String(b) }, scope())).toBe(a === b || (a === 0 && b === 0));
    })
  );
});

test.each([
  ['[1, "a", {"k": 1}]', [1, 'a', { k: 1 }]],
  ['[]', []]
])('foreach over %s', (text, items) => {
  expect(parseItems(text)).toEqual(items);
});

test('foreach over an output of a job that was Skipped goes over nothing', () => {
  expect(itemsOf({ kind: 'output', job: 'b', output: 'x' }, scope())).toEqual([]);
});

test.each([
  ['', 'what foreach goes over is no JSON list'],
  ['{}', 'what foreach goes over is no JSON list'],
  ['[1,', 'what foreach goes over is no JSON list'],
  [JSON.stringify(Array(10_001).fill(0)), 'what foreach goes over has 10001 items; it may have 10000']
])('foreach over %.10s can not be', (text, message) => {
  expect(() => parseItems(text)).toThrow(message);
});
