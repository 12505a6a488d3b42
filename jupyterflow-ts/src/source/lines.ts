import type { Diagnostic } from '@jupyterflow/schema';
import type { Span } from './node.js';
import type { Problem } from './problem.js';

type Range = Diagnostic['range'];

/** Turns offsets of a text into lines and columns that count from 1; a column is a UTF-16 unit, as in editors. */
export class LineTable {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    this.#length = text.length;
  }

  position(offset: number): Range['start'] {
    const at = Math.max(0, Math.min(offset, this.#length));
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) };
  }

  diagnostic(problem: Problem, file: string): Diagnostic {
    const { id, severity, message, span, hint, related = [] } = problem;
    return {
      id,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      file,
      range: this.range(span),
      related: related.map(other => ({ message: other.message, file, range: this.range(other.span) }))
    };
  }
}

/** The text without the byte order mark that some editors put before it. Positions count without it. */
export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
