import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../compile.js';
import { withoutBom } from '../source/lines.js';
import { excerptOf, printable } from './excerpt.js';

export interface FormatOptions {
  /** Use terminal colours (ANSI escape sequences). Default false. */
  readonly color?: boolean;
  /** Columns that lines of the file are cut to. Default 120. */
  readonly width?: number;
}

const DEFAULT_WIDTH = 120;
/** Less of a line says nothing. */
const MIN_EXCERPT = 20;
/** Characters of a line of a message or a hint. */
const MAX_SAID = 1000;

/** The lines of the file, and the columns to show them in. */
interface Shown {
  readonly lines: readonly string[];
  readonly width: number;
}

type Mark = (text: string) => string;
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
  const shown = { lines, width: options.width ?? DEFAULT_WIDTH };
  return diagnostics.map(diagnostic => formatOne(diagnostic, shown, paint)).join('\n');
}

function formatOne(diagnostic: Diagnostic, shown: Shown, paint: Paint): string {
  const { severity, id, message, hint, file, range, related } = diagnostic;
  const color = COLORS[severity];
  const head = `${paint(BOLD, `${file}:${place(range)}:`)} ${paint(color, severity)} ${id}: ${said(message)}`;
  const hints =
    hint === undefined
      ? []
      : said(hint)
          .split('\n')
          .map((line, index) => (index === 0 ? `  hint: ${line}` : `        ${line}`));
  const others = related.flatMap(other => [
    `  ${other.file}:${place(other.range)}: ${said(other.message)}`,
    ...excerpt(other.range, shown, text => paint(DIM, text))
  ]);
  return `${[head, ...excerpt(range, shown, text => paint(color, text)), ...hints, ...others].join('\n')}\n`;
}

function place({ start }: Diagnostic['range']): string {
  return `${start.line}:${start.column}`;
}

/** The first line of the range, as much of it as fits, and carets below what of it is meant. */
function excerpt({ start, end }: Diagnostic['range'], { lines, width }: Shown, mark: Mark): readonly string[] {
  const line = lines[start.line - 1];
  if (line === undefined || line.trim() === '') return [];
  const number = String(start.line).padStart(3);
  const from = Math.min(start.column - 1, line.length);
  const to = end.line === start.line ? Math.min(end.column - 1, line.length) : line.trimEnd().length;
  const { text, indent, carets } = excerptOf(line, { from, to }, Math.max(MIN_EXCERPT, width - number.length - 3));
  return [`${number} | ${text}`, `${' '.repeat(number.length)} | ${' '.repeat(indent)}${mark('^'.repeat(carets))}`];
}

/** Somebody's text on one line, or on those that it has: a file may hold names of any length. */
function said(text: string): string {
  return printable(text)
    .split('\n')
    .map(line => (line.length <= MAX_SAID ? line : `${line.slice(0, MAX_SAID)}…`))
    .join('\n');
}
