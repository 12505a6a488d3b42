import { EXIT } from './failure.js';

/** Ctrl-C and SIGTERM while a run is shown: the first is answered, the second ends the process at once. */
export class Interrupt {
  readonly #abort = new AbortController();
  readonly #onSignal = (): void => {
    if (this.#abort.signal.aborted) process.exit(EXIT.interrupted);
    this.#abort.abort();
  };

  constructor() {
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  /** Aborted by the first. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  dispose(): void {
    process.removeListener('SIGINT', this.#onSignal);
    process.removeListener('SIGTERM', this.#onSignal);
  }
}
