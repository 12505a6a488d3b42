import type { RunView } from '../backend.js';
import { jobLine, widestName } from '../states.js';
import { print, say, useColor } from '../terminal.js';
import { Screen } from './screen.js';
import { drawTree } from './tree.js';

/** Shows a run that is going, and what its jobs write. */
export interface Display {
  update(run: RunView): void;
  /** Whole lines for stdout. */
  log(lines: string): void;
  close(): void;
}

/** A tree in place at a terminal; a line for each change elsewhere. */
export function makeDisplay(): Display {
  return process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? new TreeDisplay() : new LineDisplay();
}

class LineDisplay implements Display {
  readonly #shown = new Map<string, string>();

  update(run: RunView): void {
    const width = widestName(run);
    for (const job of run.jobs) {
      const seen = `${job.phase} ${job.attempts}`;
      if (job.phase === 'Pending' || this.#shown.get(job.name) === seen) continue;
      const isSameState = this.#shown.get(job.name)?.startsWith(`${job.phase} `) === true;
      this.#shown.set(job.name, seen);
      const attempt = job.attempts > 1 ? `  attempt ${job.attempts}` : '';
      if (job.phase === 'Running') say(`${job.name.padEnd(width)}  Running${attempt}\n`);
      else if (!isSameState) say(`${jobLine(job, width)}\n`);
    }
  }

  log(lines: string): void {
    print(lines);
  }

  close(): void {
    // Nothing stays open.
  }
}

/** Durations grow between the looks at the run. */
const TICK_MS = 500;

class TreeDisplay implements Display {
  readonly #screen = new Screen(process.stderr);
  readonly #timer = setInterval(() => this.#draw(), TICK_MS);
  readonly #redraw = (): void => this.#draw();
  #run: RunView | undefined;

  constructor() {
    process.stderr.on('resize', this.#redraw);
  }

  update(run: RunView): void {
    this.#run = run;
    this.#draw();
  }

  log(lines: string): void {
    this.#screen.above(() => print(lines));
  }

  close(): void {
    clearInterval(this.#timer);
    process.stderr.removeListener('resize', this.#redraw);
    this.#draw();
    this.#screen.close();
  }

  #draw(): void {
    if (this.#run === undefined) return;
    const { columns, rows } = this.#screen;
    const options = {
      columns,
      rows,
      color: useColor(process.stderr),
      unicode: isUnicode(process.env),
      now: Date.now()
    };
    this.#screen.draw(drawTree(this.#run, options));
  }
}

/** Does the locale say that the terminal shows UTF-8? (POSIX, 8.2) */
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}
