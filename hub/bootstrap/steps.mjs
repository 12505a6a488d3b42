// Steps of a set-up: each says what it does, how far it is and how long it took, and keeps its output in a log file.
// Nothing but Node here: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A step failed: what, why, and the file with everything it printed. */
export class StepFailed extends Error {
  /** @param {string} title @param {string} reason @param {string=} log */
  constructor(title, reason, log) {
    super(`${title}: ${reason}${log ? `\n  everything it printed: ${log}` : ''}`);
    this.name = 'StepFailed';
  }
}

const REPORT_EVERY = 10_000;
const REDRAW_EVERY = 200;

export class Steps {
  #logs;
  #verbose;
  #terminal;

  /** @param {{logs: string, verbose?: boolean}} options Folder of the log files; whether to show all output. */
  constructor({ logs, verbose = false }) {
    this.#logs = logs;
    this.#verbose = verbose;
    this.#terminal = process.stdout.isTTY === true && !verbose;
  }

  /**
   * Runs one step.
   * @template T
   * @param {string} title
   * @param {(context: {log: string, say: (far: string) => void, command: (argv: string[], options?: object) => Promise<void>}) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(title, work) {
    await mkdir(this.#logs, { recursive: true });
    const log = join(this.#logs, `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.log`);
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    let far = '';
    const draw = () => process.stdout.write(`\r\x1b[2K… ${title} ${far} ${seconds()}`);
    const timer = setInterval(
      this.#terminal ? draw : () => console.log(`… ${title} ${far} ${seconds()}`),
      this.#terminal ? REDRAW_EVERY : REPORT_EVERY
    );
    try {
      const result = await work({
        log,
        say: text => (far = text),
        command: (argv, options) => this.#command(title, log, argv, options)
      });
      if (this.#terminal) process.stdout.write('\r\x1b[2K');
      console.log(`✓ ${title} (${seconds()})`);
      return result;
    } catch (error) {
      if (this.#terminal) process.stdout.write('\r\x1b[2K');
      console.log(`✗ ${title} (${seconds()})`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #command(title, log, argv, options = {}) {
    return new Promise((resolve, reject) => {
      const [program, ...args] = argv;
      const output = createWriteStream(log, { flags: 'a' });
      output.write(`$ ${argv.join(' ')}\n`);
      const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) {
        stream.pipe(output, { end: false });
        if (this.#verbose) stream.pipe(process.stdout, { end: false });
      }
      child.once('error', error => {
        output.end();
        reject(new StepFailed(title, error.message, log));
      });
      child.once('close', (code, signal) => {
        output.end(() => {
          if (code === 0) resolve();
          else
            void lastLines(log).then(text =>
              reject(new StepFailed(title, `${program} ended with ${signal ?? code}\n${text}`, log))
            );
        });
      });
    });
  }
}

async function lastLines(file, count = 12) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map(line => `  | ${line}`)
    .join('\n');
}
