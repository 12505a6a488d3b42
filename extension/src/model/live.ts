import type { IDisposable } from '@lumino/disposable';
import { Poll, type IPoll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

/** Something of the platform that is kept up to date: not there yet, there, or not to be had now. */
export type LiveState<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  /** `value` is what was known before, if anything was. `retryAt` is in milliseconds since the epoch. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly retryAt: number; readonly value?: T };

export interface LiveOptions<T> {
  readonly name: string;
  readonly load: () => Promise<T>;
  /** Milliseconds until the next load, from what is known now. */
  readonly interval: (value: T) => number;
  /** True while nobody looks; a hidden page always rests. */
  readonly idle?: () => boolean;
}

/** Milliseconds between tries while the platform does not answer: it grows up to this. */
const LONGEST_RETRY = 60_000;
const FIRST_INTERVAL = 2_000;

/** Loads, again and again, and tells of each change. */
export class Live<T> implements IDisposable {
  constructor(options: LiveOptions<T>) {
    this.#poll = new Poll<unknown, unknown>({
      auto: false,
      name: `@jupyterflow/dataexplorer:${options.name}`,
      factory: async () => {
        const value = await options.load();
        const interval = options.interval(value);
        this.#poll.frequency = { backoff: true, interval, max: Math.max(interval, LONGEST_RETRY) };
        return value;
      },
      frequency: { backoff: true, interval: FIRST_INTERVAL, max: LONGEST_RETRY },
      standby: () => (options.idle?.() ? true : 'when-hidden')
    });
    this.#poll.ticked.connect(this.#onTick, this);
  }

  get state(): LiveState<T> {
    return this.#state;
  }

  /** The last value known, also while the platform does not answer. */
  get value(): T | undefined {
    return this.#state.kind === 'loading' ? undefined : this.#state.value;
  }

  get changed(): ISignal<this, LiveState<T>> {
    return this.#changed;
  }

  /** Begins to load. */
  start(): void {
    void this.#poll.start();
  }

  /** Loads now; resolves when it is known how that went, never rejects. */
  async refresh(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    await this.#poll.refresh();
    await this.#poll.tick.catch(() => undefined);
  }

  get isDisposed(): boolean {
    return this.#poll.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.#poll.dispose();
    Signal.clearData(this);
  }

  #onTick(_: unknown, tick: IPoll.State<unknown, unknown, string>): void {
    if (tick.phase === 'resolved' || tick.phase === 'reconnected') {
      this.#set({ kind: 'ready', value: tick.payload as T });
    } else if (tick.phase === 'rejected') {
      const value = this.value;
      const known = value === undefined ? {} : { value };
      this.#set({ kind: 'failed', error: tick.payload, retryAt: tick.timestamp + tick.interval, ...known });
    }
  }

  #set(state: LiveState<T>): void {
    this.#state = state;
    this.#changed.emit(state);
  }

  readonly #poll: Poll<unknown, unknown>;
  readonly #changed = new Signal<this, LiveState<T>>(this);
  #state: LiveState<T> = { kind: 'loading' };
}
