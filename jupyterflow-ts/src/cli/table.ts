import stringWidth from 'string-width';
import { harmless, widthOf } from './terminal.js';

/** Less of a name says nothing. */
const LEAST_WIDTH = 6;

/**
 * Columns padded to the same width as a terminal shows it, two spaces between; each row is one line, whatever its texts hold.
 * On a terminal its widest columns are cut so that no row is longer than `room`, in columns of the terminal.
 */
export function table(rows: readonly (readonly string[])[], room = widthOf(process.stdout) ?? Infinity): string {
  const cells = rows.map(row => row.map(cell => harmless(cell.replace(/[\r\n\t]+/g, ' '))));
  const widths: number[] = [];
  for (const row of cells) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell))));
  narrow(widths, room);
  return cells
    .map(
      row =>
        `${row
          .map((cell, at) => pad(cut(cell, widths[at] ?? 0), widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`
    )
    .join('');
}

/** Makes the widest columns narrower until a row fits into the terminal, or no column can spare more. */
function narrow(widths: number[], room: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
  for (let over = total() - room; over > 0; over = total() - room) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    const next = widths.reduce((most, other, at) => (at === widest ? most : Math.max(most, other)), 0);
    if (width <= LEAST_WIDTH) return;
    widths[widest] = Math.max(LEAST_WIDTH, width - over, Math.min(next, width - 1));
  }
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
