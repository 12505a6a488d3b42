import { countJest, countPlaywright, total } from './counts.mjs';

const jest = (statuses, failedToLoad = 0) => ({
  numPassedTests: statuses.filter(status => status === 'passed').length,
  numFailedTests: statuses.filter(status => status === 'failed').length,
  testResults: [
    { status: 'passed', assertionResults: statuses.map((status, i) => ({ status, fullName: `test ${i}` })) },
    ...Array.from({ length: failedToLoad }, () => ({ status: 'failed', assertionResults: [] }))
  ]
});

test.each([
  ['all passed', jest(['passed', 'passed']), 0, { passed: 2, failed: 0, skipped: 0, reasons: [] }],
  ['one failed', jest(['passed', 'failed']), 1, { passed: 1, failed: 1, skipped: 0, reasons: [] }],
  ['one skipped', jest(['pending']), 0, { passed: 0, failed: 0, skipped: 1, reasons: ['skipped: test 0'] }],
  ['a file that could not be loaded', jest(['passed'], 1), 1, { passed: 1, failed: 1, skipped: 0, reasons: [] }],
  ['no report', null, 1, { passed: 0, failed: 1, skipped: 0, reasons: ['failed: the suite unit left no report'] }],
  [
    'a bad exit without a failed test',
    jest(['passed']),
    1,
    { passed: 1, failed: 1, skipped: 0, reasons: ['failed: the suite unit ended with 1'] }
  ]
])('counts what Jest reports: %s', (_, report, status, expected) => {
  expect(countJest(report, 'unit', status)).toEqual(expected);
});

test('counts what Playwright reports, a flaky test as failed, a skipped one with its reason', () => {
  const report = {
    stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 },
    suites: [
      {
        suites: [
          {
            specs: [
              {
                title: 'needs a camera',
                tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no camera here' }] }]
              }
            ]
          }
        ]
      }
    ]
  };
  expect(countPlaywright(report, 'hub', 1)).toEqual({
    passed: 3,
    failed: 2,
    skipped: 1,
    reasons: ['skipped: needs a camera: no camera here']
  });
});

test('adds suites', () => {
  const count = { passed: 1, failed: 0, skipped: 1, reasons: ['skipped: a'] };
  expect(total([count, count])).toEqual({ passed: 2, failed: 0, skipped: 2, reasons: ['skipped: a', 'skipped: a'] });
});
