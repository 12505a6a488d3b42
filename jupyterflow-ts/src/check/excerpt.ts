import stringWidth from 'string-width';

/** A part of a line of text, in UTF-16 units from 0: from `from` up to, not including, `to`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** What is shown of a line, and where the carets below it stand, in columns of a terminal. */
export interface Excerpt {
  readonly text: string;
  readonly indent: number;
  readonly carets: number;
}

/** A tab as a terminal shows it depends on what is before it; here it always takes so many columns. */
const TAB = '    ';
const CUT = '…';
/** No character is longer, except hostile ones. */
const MOST_UNITS = 12;

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly marked: boolean;
}

/** As much of a line as fits into a width, around the part that is meant, with an ellipsis where something is missing. */
export function excerptOf(line: string, { from, to }: Part, width: number): Excerpt {
  const begin = boundary(line, Math.max(0, from - width * MOST_UNITS));
  const end = boundary(line, Math.min(line.length, from + width * MOST_UNITS));
  const cells = cellsOf(line.slice(begin, end), { from: from - begin, to: Math.max(to, from + 1) - begin });
  const first = cells.findIndex(({ marked }) => marked);
  const start = first === -1 ? cells.length : first;
  const window = windowAround(cells, start, width, { before: begin > 0, after: end < line.length });
  const shown = cells.slice(window.first, window.last);
  const before = window.cutBefore ? CUT : '';
  const marked = shown.filter(cell => cell.marked);
  return {
    text: `${before}${textOf(shown)}${window.cutAfter ? CUT : ''}`,
    indent: before.length + widthOf(cells.slice(window.first, start)),
    carets: Math.max(1, widthOf(marked))
  };
}

/** Not between the halves of a surrogate pair. */
function boundary(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function cellsOf(text: string, { from, to }: Part): readonly Cell[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment, index }) => {
    const shown = segment === '\t' ? TAB : printable(segment);
    return { text: shown, width: stringWidth(shown), marked: index < to && index + segment.length > from };
  });
}

interface Window {
  readonly first: number;
  readonly last: number;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

/** Which cells fit: at most a third of the width before the part that is meant, unless there is room for more. */
function windowAround(
  cells: readonly Cell[],
  start: number,
  width: number,
  more: { readonly before: boolean; readonly after: boolean }
): Window {
  const whole = widthOf(cells) <= width && !more.before && !more.after;
  if (whole) return { first: 0, last: cells.length, cutBefore: false, cutAfter: false };
  // An ellipsis on either side, and a caret behind the end of the line.
  const room = Math.max(1, width - 2 * CUT.length - 1);
  let [first, last, used] = [start, start, 0];
  const fits = (cell: Cell | undefined, limit: number): boolean => cell !== undefined && used + cell.width <= limit;
  const backTo = (limit: number): void => {
    for (; fits(cells[first - 1], limit); first--) used += cells[first - 1]?.width ?? 0;
  };
  backTo(Math.floor(room / 3));
  for (; fits(cells[last], room); last++) used += cells[last]?.width ?? 0;
  backTo(room);
  return { first, last, cutBefore: first > 0 || more.before, cutAfter: last < cells.length || more.after };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join('');
}

/** Without characters that would steer the reader's terminal, and without halves of characters. */
export function printable(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\uFFFD');
}
