/** Time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once `now()` has reached `time` (ms); returns how to call that off. */
  at(time: number, callback: () => void): () => void;
}

// A timer counts running time, not wall time: after a suspended machine or a corrected clock it would be late.
const LONGEST_SLEEP = 30_000;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    let timer: NodeJS.Timeout;
    const sleep = (): void => {
      const left = time - Date.now();
      timer = left <= 0 ? setTimeout(callback, 0) : setTimeout(sleep, Math.min(left, LONGEST_SLEEP));
      timer.unref();
    };
    sleep();
    return () => clearTimeout(timer);
  }
};
