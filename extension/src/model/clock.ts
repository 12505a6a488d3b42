import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

/** One timer for everything that counts seconds. It rests while the page is hidden or nobody counts. */
export class Clock implements IDisposable {
  constructor() {
    this.#poll = new Poll({
      auto: false,
      name: '@jupyterflow/dataexplorer:clock',
      factory: () => {
        this.#ticked.emit(Date.now());
        return Promise.resolve();
      },
      frequency: { interval: 1000, backoff: false },
      standby: 'when-hidden'
    });
  }

  /** Emitted each second while someone holds the clock, with the time in milliseconds. */
  get ticked(): ISignal<this, number> {
    return this.#ticked;
  }

  /** Keeps the clock running until the answer is disposed. */
  hold(): IDisposable {
    if (this.#holders++ === 0) {
      void this.#poll.start();
    }
    const release = (): void => {
      if (--this.#holders === 0 && !this.isDisposed) {
        void this.#poll.stop();
      }
    };
    let isDisposed = false;
    return {
      get isDisposed() {
        return isDisposed;
      },
      dispose() {
        if (!isDisposed) {
          isDisposed = true;
          release();
        }
      }
    };
  }

  get isDisposed(): boolean {
    return this.#poll.isDisposed;
  }

  dispose(): void {
    this.#poll.dispose();
    Signal.clearData(this);
  }

  readonly #poll: Poll;
  readonly #ticked = new Signal<this, number>(this);
  #holders = 0;
}
