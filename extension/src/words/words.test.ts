import { dataset, job, lease, NOW, policy, run, trans } from '../testing/fixtures';
import { ago, clockTime, countdown, durationWords, formatDuration, HOUR, MINUTE, parseDuration } from './duration';
import { policyWords } from './policy';
import { leaseState, progress, runReason, standing, standingWords } from './state';

describe('durations', () => {
  test.each([
    ['PT4H', 4 * HOUR],
    ['P2DT1H', 49 * HOUR],
    ['PT1H30M', 1.5 * HOUR],
    ['PT90S', 90_000],
    ['P1D', 24 * HOUR]
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 'P', 'PT', '4H', 'P1Y', 'PT-1H', 'PT1.5H'])('“%s” is no duration', text => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    [4 * HOUR, 'PT4H'],
    [90 * MINUTE, 'PT1H30M'],
    [45 * MINUTE, 'PT45M'],
    [48 * HOUR, 'PT48H'],
    [1, 'PT1M']
  ])('%d ms are written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [8 * HOUR, '8 hours'],
    [HOUR, '1 hour'],
    [90 * MINUTE, '90 minutes'],
    [48 * HOUR, '2 days'],
    [24 * HOUR, '1 day']
  ])('%d ms in words: %s', (ms, words) => {
    expect(durationWords(ms, trans)).toBe(words);
  });

  test.each([
    [2 * HOUR + 58 * MINUTE + 11_000, '2:58:11'],
    [9 * MINUTE + 5_000, '9:05'],
    [400, '0:01'],
    [-5, '0:00'],
    [30 * HOUR, '30:00:00']
  ])('%d ms are left: %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });

  test.each([
    [30_000, 'just now'],
    [4 * MINUTE, '4 min ago'],
    [3 * HOUR, '3 h ago'],
    [50 * HOUR, '2 d ago']
  ])('%d ms before now: %s', (ms, text) => {
    expect(ago(ms, trans)).toBe(text);
  });

  test('a time of today is told by the hour, another by the day too', () => {
    expect(clockTime(NOW + 2 * HOUR, NOW, 'en-GB', 'UTC')).toBe('14:00');
    expect(clockTime(NOW + 24 * HOUR, NOW, 'en-GB', 'UTC')).toBe('23 Nov, 12:00');
  });
});

const names: Readonly<Record<string, string>> = { uis: 'UiS' };

test.each([
  [{ purposes: ['research'] }, 'one person at a time · up to 8 hours · for research'],
  [{ concurrency: 5, maxDuration: 'PT30M' }, 'up to 5 people at once · up to 30 minutes · for any purpose'],
  [
    { approval: 'owner', organizations: ['uis', 'uib'] } as const,
    'one person at a time · up to 8 hours · for any purpose · the owner approves each request · only for UiS, uib'
  ]
])('policy %j in words', (fields, words) => {
  expect(policyWords(policy(fields as object), id => names[id] ?? id, trans)).toBe(words);
});

describe('the standing of a dataset', () => {
  const until = clockTime(Date.parse('2026-11-22T14:00:00Z'), NOW);
  test.each([
    ['open', dataset(), 'Open'],
    ['taken', dataset({ availability: 'taken', takenUntil: '2026-11-22T14:00:00Z' }), `In use until ${until}`],
    ['taken', dataset({ availability: 'taken' }), 'In use'],
    ['yours', dataset({ availability: 'yours', lease: lease() }), `Yours until ${until}`],
    ['requested', dataset({ lease: lease({ state: 'requested' }) }), 'Requested'],
    ['requested', dataset({ availability: 'taken', lease: lease({ state: 'requested' }) }), 'Requested']
  ])('%s: %#', (state, one, words) => {
    expect(standing(one)).toBe(state);
    expect(standingWords(one, NOW, trans)).toBe(words);
  });
});

test('a lease is expired from the moment of its end, whatever the last answer said', () => {
  const one = lease();
  expect(leaseState(one, Date.parse('2026-11-22T13:59:59.999Z'))).toBe('active');
  expect(leaseState(one, Date.parse('2026-11-22T14:00:00Z'))).toBe('expired');
  expect(leaseState(lease({ state: 'released' }), NOW)).toBe('released');
});

describe('a run', () => {
  test('counts what is over', () => {
    const jobs = [job(), job({ phase: 'Running' }), job({ phase: 'Pending' }), job({ phase: 'Skipped' })];
    expect(progress(run({ jobs }))).toEqual({ done: 2, total: 4 });
  });

  test.each([
    ['nothing while it runs', run(), undefined],
    [
      'the job and its exit code',
      run({ state: 'Failed', jobs: [job(), job({ name: 'job-2', phase: 'Failed', exitCode: 1 })] }),
      'job-2: exit 1'
    ],
    [
      'the reason of a job without exit code',
      run({ state: 'Error', jobs: [job({ phase: 'Error', reason: 'lease ended' })] }),
      'job-1: lease ended'
    ],
    [
      'who stopped it, rather than what that did to its jobs',
      run({ state: 'Error', reason: 'stopped by ada', jobs: [job({ phase: 'Failed', exitCode: 137 })] }),
      'stopped by ada'
    ],
    ['its own reason when no job failed', run({ state: 'Failed', reason: 'Stopped by ada' }), 'Stopped by ada']
  ])('says %s', (_, one, words) => {
    expect(runReason(one, trans)).toBe(words);
  });
});
