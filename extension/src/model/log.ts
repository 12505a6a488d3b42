import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Platform } from '../platform';

/** Characters that are kept; older ones are dropped, so that a page stays quick. */
export const MOST_CHARACTERS = 400_000;
const TAIL = 5_000;
const RETRY = 3_000;

/** How reading a log goes. */
export type LogState =
  { readonly kind: 'reading' } | { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: unknown };

/** The log of one job, followed until the job has finished. */
export class JobLog implements IDisposable {
  constructor(
    private readonly platform: Platform,
    readonly run: string,
    readonly job: string
  ) {
    void this.#read();
  }

  get text(): string {
    return this.#text;
  }

  get state(): LogState {
    return this.#state;
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get isDisposed(): boolean {
    return this.#abort.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    clearTimeout(this.#retry);
    this.#abort.abort();
    Signal.clearData(this);
  }

  async #read(): Promise<void> {
    let text = '';
    try {
      const { signal } = this.#abort;
      for await (const part of this.platform.log(this.run, this.job, { follow: true, tail: TAIL }, signal)) {
        text = (text + part).slice(-MOST_CHARACTERS);
        this.#set(text, { kind: 'reading' });
      }
      this.#set(text, { kind: 'ended' });
    } catch (error) {
      this.#set(text || this.#text, { kind: 'failed', error });
      if (!this.isDisposed) {
        this.#retry = setTimeout(() => void this.#read(), RETRY);
      }
    }
  }

  #set(text: string, state: LogState): void {
    if (!this.isDisposed) {
      this.#text = text;
      this.#state = state;
      this.#changed.emit();
    }
  }

  readonly #abort = new AbortController();
  readonly #changed = new Signal<this, void>(this);
  #retry: ReturnType<typeof setTimeout> | undefined;
  #text = '';
  #state: LogState = { kind: 'reading' };
}

/** A log as text: without the codes by which programs colour a terminal. */
export function plain(log: string): string {
  return log
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/\r\n/g, '\n')
    .replace(/^.*\r(?!$)/gm, '');
}
