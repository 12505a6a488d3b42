import stringWidth from 'string-width';
import { harmless } from './terminal.js';

/** Columns padded to the same width as a terminal shows it, two spaces between; each row is one line, whatever its texts hold. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(cell => harmless(cell.replace(/[\r\n\t]+/g, ' '))));
  const widths: number[] = [];
  for (const row of cells) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell))));
  return cells
    .map(
      row =>
        `${row
          .map((cell, at) => pad(cell, widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`
    )
    .join('');
}

/** A text with spaces after it up to a width in columns of a terminal. */
export function pad(text: string, width: number): string {
  return `${text}${' '.repeat(Math.max(0, width - stringWidth(text)))}`;
}

/** The beginning of a text that fits into a width, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= width) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : '';
}
