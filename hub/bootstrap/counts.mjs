// What the reports of the test runners say, in one shape. A suite that failed without saying so counts as one failure.

/**
 * @typedef {{passed: number, failed: number, skipped: number, reasons: string[]}} Count
 */

/** @param {any} report Jest's --json @param {string} name @param {number} status exit status @returns {Count} */
export function countJest(report, name, status) {
  if (report === null) return broken(name, 'left no report');
  const skipped = report.testResults
    .flatMap(file => file.assertionResults)
    .filter(test => test.status === 'pending' || test.status === 'todo');
  const count = {
    passed: report.numPassedTests,
    // A file that could not be loaded has no failed test of its own.
    failed:
      report.numFailedTests +
      report.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length,
    skipped: skipped.length,
    reasons: skipped.map(test => `skipped: ${test.fullName}`)
  };
  return status !== 0 && count.failed === 0 ? merge(count, broken(name, `ended with ${status}`)) : count;
}

/** @param {any} report Playwright's json reporter @param {string} name @param {number} status exit status @returns {Count} */
export function countPlaywright(report, name, status) {
  if (report === null) return broken(name, 'left no report');
  const reasons = [];
  const visit = suite => {
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests)
        if (test.status === 'skipped') {
          const why = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
          reasons.push(`skipped: ${spec.title}${why ? `: ${why}` : ': a test before it failed'}`);
        }
    for (const inner of suite.suites ?? []) visit(inner);
  };
  report.suites.forEach(visit);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const count = { passed: expected, failed: unexpected + flaky, skipped, reasons };
  return status !== 0 && count.failed === 0 ? merge(count, broken(name, `ended with ${status}`)) : count;
}

/** @param {Count[]} counts @returns {Count} */
export function total(counts) {
  return counts.reduce(merge, { passed: 0, failed: 0, skipped: 0, reasons: [] });
}

const broken = (name, what) => ({ passed: 0, failed: 1, skipped: 0, reasons: [`failed: the suite ${name} ${what}`] });

const merge = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  reasons: [...a.reasons, ...b.reasons]
});
