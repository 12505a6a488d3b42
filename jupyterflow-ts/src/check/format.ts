import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../compile.js';
import { withoutBom } from '../source/lines.js';

export interface FormatOptions {
  /** Use terminal colours (ANSI escape sequences). Default false. */
  readonly color?: boolean;
}

type Paint = (code: number, text: string) => string;

const COLORS: Readonly<Record<Diagnostic['severity'], number>> = { error: 31, warning: 33, info: 36 };
const [BOLD, DIM] = [1, 2];

/**
 * Diagnostics for people: where and what, the line with carets below it, how to mend it, and the other places.
 *
 *     workflow.yaml:4:8: error edge-out-of-range: there is no job 9: jobs are numbered from 1 to 2
 *       4 | - 1 >> 9
 *         |        ^
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: Source,
  options: FormatOptions = {}
): string {
  const paint: Paint = options.color === true ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
  const lines = withoutBom(source.text).split(/\r?\n/);
  return diagnostics.map(diagnostic => formatOne(diagnostic, lines, paint)).join('\n');
}

function formatOne(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string {
  const { severity, id, message, hint, file, range, related } = diagnostic;
  const color = COLORS[severity];
  const head = `${paint(BOLD, `${file}:${place(range)}:`)} ${paint(color, severity)} ${id}: ${printable(message)}`;
  const hints =
    hint === undefined
      ? []
      : printable(hint)
          .split('\n')
          .map((line, index) => (index === 0 ? `  hint: ${line}` : `        ${line}`));
  const others = related.flatMap(other => [
    `  ${other.file}:${place(other.range)}: ${printable(other.message)}`,
    ...excerpt(other.range, lines, text => paint(DIM, text))
  ]);
  return `${[head, ...excerpt(range, lines, text => paint(color, text)), ...hints, ...others].join('\n')}\n`;
}

function place({ start }: Diagnostic['range']): string {
  return `${start.line}:${start.column}`;
}

/** The first line of the range, and carets below what of it is meant. */
function excerpt(
  { start, end }: Diagnostic['range'],
  lines: readonly string[],
  mark: (text: string) => string
): readonly string[] {
  const line = lines[start.line - 1];
  if (line === undefined || line.trim() === '') return [];
  const number = String(start.line).padStart(3);
  const from = Math.min(start.column - 1, line.length);
  const to = end.line === start.line ? Math.min(end.column - 1, line.length) : line.trimEnd().length;
  // Tabs stay tabs, so that the carets stand below the same columns.
  const indent = line.slice(0, from).replace(/[^\t]/gu, ' ');
  const carets = '^'.repeat(Math.max(1, line.slice(from, to).replace(/./gu, ' ').length));
  return [`${number} | ${printable(line)}`, `${' '.repeat(number.length)} | ${indent}${mark(carets)}`];
}

/** Without characters that would steer the reader's terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}
