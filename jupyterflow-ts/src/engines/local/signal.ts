/** Tells whoever waits that something changed. Look at the thing itself and call `next()` without an await in between: nothing is missed. */
export class Signal {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next change, or when `abort` aborts. */
  next(abort?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (abort?.aborted) {
        resolve();
        return;
      }
      const wake = (): void => {
        abort?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      abort?.addEventListener('abort', wake, { once: true });
    });
  }
}
