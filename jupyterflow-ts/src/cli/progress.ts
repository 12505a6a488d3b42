import type { RunView } from './backend.js';
import { jobLine, widestName } from './states.js';
import { say, useColor } from './terminal.js';

/** Shows a run that is going. */
export interface Progress {
  update(run: RunView): void;
}

/** In place at a terminal; a line for each change elsewhere. */
export function makeProgress(): Progress {
  return process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? new LiveProgress() : new LineProgress();
}

class LineProgress implements Progress {
  readonly #shown = new Map<string, string>();

  update(run: RunView): void {
    const width = widestName(run);
    for (const job of run.jobs) {
      if (job.phase === 'Pending' || this.#shown.get(job.name) === job.phase) continue;
      this.#shown.set(job.name, job.phase);
      say(`${job.phase === 'Running' ? `${job.name.padEnd(width)}  Running` : jobLine(job, width)}\n`);
    }
  }
}

class LiveProgress implements Progress {
  #height = 0;

  update(run: RunView): void {
    const width = widestName(run);
    const { rows, columns } = process.stderr;
    // What does not fit on the screen could not be drawn over again; jobs that are going come first then.
    const jobs =
      run.jobs.length < rows ? run.jobs : run.jobs.filter(({ phase }) => phase === 'Running').slice(0, rows - 2);
    const color = useColor(process.stderr);
    const lines = jobs.map(job => jobLine(job, width, color).slice(0, columns + (color ? 9 : 0) - 1));
    const back = this.#height === 0 ? '' : `\u001b[${this.#height}A\u001b[J`;
    say(`${back}${lines.map(line => `${line}\n`).join('')}`);
    this.#height = lines.length;
  }
}
