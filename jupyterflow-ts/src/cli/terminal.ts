import { formatDiagnostics } from '../check/format.js';
import type { Source } from '../compile.js';
import type { Diagnostic } from '@jupyterflow/schema';

/** Results go to stdout, everything said about them to stderr. */
export function print(text: string): void {
  process.stdout.write(text);
}

export function say(text: string): void {
  process.stderr.write(text);
}

/** Colours only for people at a terminal who did not refuse them (https://no-color.org). */
export function useColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
}

export function sayDiagnostics(diagnostics: readonly Diagnostic[], source: Source): void {
  if (diagnostics.length > 0) say(formatDiagnostics(diagnostics, source, { color: useColor(process.stderr) }));
}

/** A text of somebody else's without the characters that would steer the reader's terminal. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/** Columns padded to the same width, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map(
      row =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`
    )
    .join('');
}
