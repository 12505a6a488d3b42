import { compile } from '../compile.js';
import { formatDiagnostics } from './format.js';

const format = (text: string, color = false): string => {
  const source = { text, file: 'workflow.yaml' };
  return formatDiagnostics(compile(source).diagnostics, source, { color });
};

test('a problem shows where it is, the line, how to mend it, and the other places', () => {
  expect(format('jobs:\n- a\n- b\ndags:\n- 1 >> 2\n- 2 >> 1\n')).toBe(`\
workflow.yaml:6:3: error cycle: the jobs wait for each other in a circle: job-1 >> job-2 >> job-1
  6 | - 2 >> 1
    |   ^^^^^^
  hint: Remove one of these edges.
  workflow.yaml:5:3: \`job-2\` waits for \`job-1\`
  5 | - 1 >> 2
    |   ^^^^^^
`);
});

test('problems are a line apart, and a hint of several lines stays together', () => {
  expect(format("jobs:\n- echo '${{ params.x }}\n")).toBe(`\
workflow.yaml:2:8: error command-quotes: this quote is never closed
  2 | - echo '\${{ params.x }}
    |        ^
  hint: Close it, or put a \\ before it.

workflow.yaml:2:9: error param-unknown: there is no parameter \`x\`
  2 | - echo '\${{ params.x }}
    |         ^^^^^^^^^^^^^^^
  hint: Declare it:
        params:
          x: a default
`);
});

test.each([
  ['a byte order mark', '\uFEFFjobs: [5]'],
  ['Windows line ends', 'jobs: [5]\r\n']
])('%s does not move the carets', (_, text) => {
  expect(format(text)).toBe(`\
workflow.yaml:1:8: error job-not-string: YAML reads 5 as a number, not as a command
  1 | jobs: [5]
    |        ^
  hint: Quote it: - '5'
`);
});

test('tabs stay tabs below the line, and one emoji gets one caret', () => {
  expect(format('jobs: [a]\ndags:\t1\t>>\t\u{1F600}')).toBe(`\
workflow.yaml:2:12: error edge-unknown-job: there is no job called \`\u{1F600}\`
  2 | dags:\t1\t>>\t\u{1F600}
    |      \t \t  \t^
  hint: Jobs of this file: job-1.
`);
});

test('colours only on request, and a file can not send its own', () => {
  expect(format('jobs: ["\u001b[31m", 5]', true)).toContain('\u001b[31merror\u001b[0m job-not-string');
  expect(format('jobs: ["\u001b[31m", 5]')).not.toContain('\u001b');
});
