import { harmlessLog, useColor } from '../terminal.js';

/** Colours that tell jobs apart on dark and light grounds: not red or green, which are states. */
const COLORS = [36, 35, 34, 33, 96, 95, 94, 93];

/** Makes of what jobs write whole lines that begin with the name of the job. */
export class JobLines {
  readonly #width: number;
  readonly #color: boolean;
  readonly #colors = new Map<string, number>();
  readonly #unfinished = new Map<string, string>();

  constructor(jobs: readonly string[], color = useColor(process.stdout)) {
    this.#width = Math.max(0, ...jobs.map(({ length }) => length));
    this.#color = color;
  }

  /** The lines that are whole with this text. */
  add(job: string, text: string): string {
    const lines = `${this.#unfinished.get(job) ?? ''}${text}`.split('\n');
    this.#unfinished.set(job, lines.pop() ?? '');
    return lines.map(line => this.#line(job, line)).join('');
  }

  /** The line that the job did not end. */
  end(job: string): string {
    const line = this.#unfinished.get(job) ?? '';
    this.#unfinished.delete(job);
    return line === '' ? '' : this.#line(job, line);
  }

  #line(job: string, text: string): string {
    const name = job.padEnd(this.#width);
    // A progress bar goes back to the beginning of its line; its last picture stays.
    const line = harmlessLog(text.replace(/\r$/, '').replace(/^.*\r/s, ''), this.#color);
    return `${this.#color ? `\u001b[${this.#colorOf(job)}m${name} |\u001b[0m` : `${name} |`} ${line}\n`;
  }

  #colorOf(job: string): number {
    const known = this.#colors.get(job);
    if (known !== undefined) return known;
    const color = COLORS[this.#colors.size % COLORS.length] ?? 36;
    this.#colors.set(job, color);
    return color;
  }
}
