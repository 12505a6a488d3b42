import type { PlanRetry } from '../../plan/plan.js';
import { afterTrouble, troubleOf, type JobEnd, type Trouble } from './verdict.js';

const failure = { kind: 'failure', reason: 'why' } as const;
const error = { kind: 'error', reason: 'why' } as const;

test.each<[string, number, PlanRetry | undefined, number, number, number | undefined]>([
  ['without retries', 0, undefined, 1, 0, undefined],
  ['with one left', 1, undefined, 1, 0, 0],
  ['with none left', 1, undefined, 2, 0, undefined],
  ['with a pause', 5, { backoff: 10 }, 1, 0, 10_000],
  ['with the same pause again', 5, { backoff: 10 }, 3, 0, 10_000],
  ['with a pause that grows', 5, { backoff: 10, factor: 2 }, 3, 0, 40_000],
  ['before the longest time', 5, { backoff: 10, max: 60 }, 1, 49_000, 10_000],
  ['at the longest time', 5, { backoff: 10, max: 60 }, 1, 50_000, undefined]
])('after a failure %s', (_, retries, retry, count, since, again) => {
  const verdict = afterTrouble({ retries, ...(retry && { retry }) }, failure, { count, since });
  expect(verdict).toEqual(again === undefined ? { phase: 'Failed', reason: 'why' } : { again, reason: 'why' });
});

test.each([
  [undefined, failure, true],
  [undefined, error, false],
  ['failure', error, false],
  ['error', error, true],
  ['error', failure, false],
  ['always', error, true],
  ['always', failure, true]
] as const)('on %s, %j is tried again: %s', (on, trouble, expected) => {
  const verdict = afterTrouble({ retries: 1, ...(on && { retry: { on } }) }, trouble, { count: 1, since: 0 });
  expect(verdict).toEqual(
    expected ? { again: 0, reason: 'why' } : { phase: trouble.kind === 'error' ? 'Error' : 'Failed', reason: 'why' }
  );
});

test.each<[string, JobEnd, string | undefined, Trouble | undefined]>([
  ['the exit code 0', { kind: 'exited', code: 0 }, undefined, undefined],
  ['another exit code', { kind: 'exited', code: 3 }, undefined, { kind: 'failure', reason: 'exited with code 3' }],
  ['too much time', { kind: 'exited', code: 137 }, 'late', { kind: 'failure', reason: 'late' }],
  ['an output missing', { kind: 'exited', code: 0, missing: 'no x' }, undefined, { kind: 'error', reason: 'no x' }],
  ['no start', { kind: 'error', reason: 'no folder' }, undefined, { kind: 'error', reason: 'no folder' }]
])('an attempt with %s', (_, end, timedOut, trouble) => {
  expect(troubleOf(end, timedOut)).toEqual(trouble);
});

test('no attempt begins for which the walltime leaves no time', () => {
  const job = { retries: 5, walltime: 60, retry: { backoff: 10 } };
  expect(afterTrouble(job, failure, { count: 1, since: 49_999 })).toEqual({ again: 10_000, reason: 'why' });
  expect(afterTrouble(job, failure, { count: 1, since: 50_000 })).toEqual({
    phase: 'Failed',
    reason: 'all attempts together took longer than 60 s'
  });
});
