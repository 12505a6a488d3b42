import stringWidth from 'string-width';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Between these a terminal that knows them shows nothing (synchronized output, DEC mode 2026); others ignore them. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** A terminal on whose last lines something is drawn over and over again. */
export class Screen {
  readonly #terminal: NodeJS.WriteStream;
  #drawn: readonly string[] = [];
  readonly #restore = (): void => void this.#terminal.write(SHOW_CURSOR);

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
    terminal.write(HIDE_CURSOR);
    // Also when the process is ended in the middle.
    process.once('exit', this.#restore);
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows || 24;
  }

  /** Draws lines in the place of those drawn before. */
  draw(lines: readonly string[]): void {
    if (lines.length === this.#drawn.length && lines.every((line, at) => line === this.#drawn[at])) return;
    const text = lines.map(line => `${line}${CLEAR_LINE}\n`).join('');
    this.#terminal.write(`${BEGIN}${this.#back()}${text}${CLEAR_BELOW}${END}`);
    this.#drawn = lines;
  }

  /** Lets something else be written above what is drawn. */
  above(write: () => void): void {
    const lines = this.#drawn;
    this.#terminal.write(`${BEGIN}${this.#back()}${CLEAR_BELOW}`);
    this.#drawn = [];
    write();
    this.draw(lines);
    this.#terminal.write(END);
  }

  /** Leaves what is drawn, and the cursor below it. */
  close(): void {
    process.removeListener('exit', this.#restore);
    // The terminal itself may have written ^C here.
    this.#terminal.write(`\r${CLEAR_LINE}`);
    this.#restore();
  }

  /** To the beginning of what is drawn. A terminal that became narrower has wrapped lines. */
  #back(): string {
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / this.columns)), 0);
    return height === 0 ? '\r' : `\u001b[${height}A\r`;
  }
}
