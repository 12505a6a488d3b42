import fc from 'fast-check';
import stringWidth from 'string-width';
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

test('tabs, wide characters and emoji move the carets by the columns that they take', () => {
  expect(format('jobs: [a]\ndags:\t1\t>>\t\u{1F600}')).toBe(`\
workflow.yaml:2:12: error edge-unknown-job: there is no job called \`\u{1F600}\`
  2 | dags:    1    >>    \u{1F600}
    |                     ^^
  hint: Jobs of this file: job-1.
`);
});

test('colours only on request, and a file can not send its own', () => {
  expect(format('jobs: ["\u001b[31m", 5]', true)).toContain('\u001b[31merror\u001b[0m job-not-string');
  expect(format('jobs: ["\u001b[31m", 5]')).not.toContain('\u001b');
});

describe('a line that is too long is cut around what is meant', () => {
  const shown = (line: string, from: number, to: number, width: number): string => {
    const start = { line: 1, column: from + 1 };
    const range = { start, end: { line: 1, column: to + 1 } };
    const diagnostic = { id: 'x', severity: 'error' as const, message: 'm', file: 'w', range, related: [] };
    return formatDiagnostics([diagnostic], { text: line, file: 'w' }, { width });
  };
  const digits = '0123456789'.repeat(30);

  test.each([
    ['at its beginning', 0, 3, '  1 | 0123456789012345678901234…\n    | ^^^'],
    ['in the middle', 150, 153, '  1 | …2345678901234567890123456…\n    |          ^^^'],
    ['at its end', 297, 300, '  1 | …5678901234567890123456789\n    |                        ^^^'],
    ['behind its end', 300, 301, '  1 | …5678901234567890123456789\n    |                           ^'],
    ['all of it', 0, 300, '  1 | 0123456789012345678901234…\n    | ^^^^^^^^^^^^^^^^^^^^^^^^^']
  ])('%s', (_, from, to, text) => {
    expect(shown(digits, from, to, 34)).toBe(`w:1:${from + 1}: error x: m\n${text}\n`);
  });

  test('by the columns of wide characters', () => {
    expect(shown('数据'.repeat(50), 50, 52, 34)).toBe(
      'w:1:51: error x: m\n  1 | …数据数据数据数据数据数据…\n    |          ^^^^\n'
    );
  });

  test('whatever the line holds, nothing is wider than the terminal', () => {
    const unit = fc.constantFrom(
      'a',
      ' ',
      '\t',
      '数',
      '\u{1F469}\u200D\u{1F52C}',
      'e\u0301',
      '\u{1F600}',
      '\u0000',
      '\ud800'
    );
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 400 }),
        fc.nat(420),
        fc.nat(420),
        fc.integer({ min: 30, max: 120 }),
        (text, a, b, width) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          for (const line of shown(`x${text}`, from, to, width).split('\n').slice(1)) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
          }
        }
      )
    );
  });

  test('a megabyte of it is answered in a few lines', () => {
    const text = `jobs:\n- ${'echo '.repeat(200_000)}'\n`;
    expect(format(text).length).toBeLessThan(600);
  });
});
