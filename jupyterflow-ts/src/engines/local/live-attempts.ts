import type { StartedAttempt } from './sandbox.js';

/** An attempt that has begun and not ended. */
interface Live {
  readonly started?: StartedAttempt;
  /** Why it is being ended before its time. */
  readonly timedOut?: string;
}

/** The attempts of a job since the run, or this round of it, began. */
interface Round {
  /** Attempts of earlier rounds. */
  readonly before: number;
  readonly firstBegan: number;
}

/** The attempts of a run's jobs that are going, and since when each job is tried. */
export class LiveAttempts {
  readonly #rounds = new Map<number, Round>();
  readonly #live = new Map<number, Live>();

  get count(): number {
    return this.#live.size;
  }

  has(node: number): boolean {
    return this.#live.has(node);
  }

  /** @param before Attempts of the job until now. */
  begin(node: number, before: number, now: number): void {
    if (!this.#rounds.has(node)) this.#rounds.set(node, { before, firstBegan: now });
    this.#live.set(node, {});
  }

  /** Of so many attempts of a job, those of this round. */
  inRound(node: number, attempts: number): number {
    return attempts - (this.#rounds.get(node)?.before ?? attempts);
  }

  /** Milliseconds since the first attempt of a job in this round began. */
  elapsed(node: number, now: number): number {
    return now - (this.#rounds.get(node)?.firstBegan ?? now);
  }

  /** The process of an attempt has started. */
  started(node: number, started: StartedAttempt): void {
    this.#live.set(node, { ...this.#live.get(node), started });
  }

  /** The attempt took too long. */
  timeOut(node: number, reason: string): void {
    this.#live.set(node, { ...this.#live.get(node), timedOut: reason });
    this.kill(node);
  }

  kill(node: number): void {
    this.#live.get(node)?.started?.kill();
  }

  killAll(): void {
    for (const node of this.#live.keys()) this.kill(node);
  }

  /** An attempt has ended; why it was ended before its time, if it was. */
  end(node: number): string | undefined {
    const timedOut = this.#live.get(node)?.timedOut;
    this.#live.delete(node);
    return timedOut;
  }
}
