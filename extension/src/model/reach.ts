import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { PlatformError } from '../problems';
import type { Live, LiveState } from './live';

/** Why the platform can't be reached now, and when it is tried again. */
export interface Outage {
  readonly error: PlatformError;
  /** Milliseconds since the epoch. */
  readonly retryAt: number;
}

/** Whether an error is about reaching the platform at all, rather than an answer of the platform. */
export function isOutage(error: unknown): error is PlatformError {
  return error instanceof PlatformError && error.failure.kind !== 'problem';
}

/** Everything that is loaded, seen together: one outage is told once, and one success makes the others try at once. */
export class Reach implements IDisposable {
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get outage(): Outage | undefined {
    const outages = this.#lives.flatMap(({ state }) =>
      state.kind === 'failed' && isOutage(state.error) ? [{ error: state.error, retryAt: state.retryAt }] : []
    );
    return outages.sort((a, b) => a.retryAt - b.retryAt)[0];
  }

  add(live: Live<unknown>): void {
    this.#lives.push(live);
    live.changed.connect(this.#onChange, this);
  }

  /** Loads everything now. */
  async refresh(): Promise<void> {
    await Promise.all(this.#lives.map(live => live.refresh()));
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  #onChange(sender: Live<unknown>, state: LiveState<unknown>): void {
    const wasFailed = this.#failed.delete(sender);
    if (state.kind === 'failed') {
      this.#failed.add(sender);
    } else if (wasFailed) {
      for (const live of this.#failed) {
        void live.refresh();
      }
    }
    this.#changed.emit();
  }

  readonly #changed = new Signal<this, void>(this);
  readonly #lives: Live<unknown>[] = [];
  readonly #failed = new Set<Live<unknown>>();
  #isDisposed = false;
}
