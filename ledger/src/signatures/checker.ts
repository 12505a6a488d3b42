import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { verifyWithLater } from '../keys.js';
import { packBatch, type SignatureCheck } from './batch.js';

/** Fewer signatures are checked before a thread has started. */
const WORTHWHILE = 1000;
/** Signatures that a thread gets at once: some 50 ms of work. */
const BATCH = 512;
const WORKER = new URL('./worker.js', import.meta.url);

interface Job {
  readonly checks: readonly SignatureCheck[];
  readonly resolve: (bad: number) => void;
}

/** Checks many signatures on all processors; few with no threads of its own. */
export class SignatureChecker {
  readonly #file: URL;
  readonly #worthwhile: number;
  #threads: readonly CheckerThread[] = [];

  constructor(file = WORKER, worthwhile = WORTHWHILE) {
    this.#file = file;
    this.#worthwhile = worthwhile;
  }

  /** The first of some signatures that is not good; undefined when all are. */
  async firstBad<C extends SignatureCheck>(checks: readonly C[]): Promise<C | undefined> {
    if (checks.length < this.#worthwhile) {
      return checks[await firstBadHere(checks)];
    }
    if (this.#threads.length === 0) {
      this.#threads = Array.from({ length: availableParallelism() }, () => new CheckerThread(this.#file));
    }
    const batches = Array.from({ length: Math.ceil(checks.length / BATCH) }, (_, n) =>
      checks.slice(n * BATCH, (n + 1) * BATCH)
    );
    const found = await Promise.all(batches.map(async batch => batch[await this.#leastBusy().firstBad(batch)]));
    return found.find(one => one !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()));
  }

  #leastBusy(): CheckerThread {
    return this.#threads.reduce((least, one) => (one.waiting < least.waiting ? one : least));
  }
}

class CheckerThread {
  readonly #worker: Worker;
  /** What was sent and is not answered, in order. */
  readonly #jobs: Job[] = [];
  #failed = false;

  constructor(file: URL) {
    this.#worker = new Worker(file);
    this.#worker.on('message', (bad: number) => this.#jobs.shift()?.resolve(bad));
    // The exit that follows is what counts.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => this.#fail());
  }

  /** Number of batches that are not answered. */
  get waiting(): number {
    return this.#jobs.length;
  }

  /** Place of the first bad signature, or -1. */
  firstBad(checks: readonly SignatureCheck[]): Promise<number> {
    if (this.#failed) {
      return firstBadHere(checks);
    }
    return new Promise(resolve => {
      this.#jobs.push({ checks, resolve });
      this.#worker.postMessage(packBatch(checks));
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** A thread that can't start or go on leaves its work to this one. */
  #fail(): void {
    this.#failed = true;
    for (const { checks, resolve } of this.#jobs.splice(0)) {
      void firstBadHere(checks).then(resolve);
    }
  }
}

async function firstBadHere(checks: readonly SignatureCheck[]): Promise<number> {
  const good = await Promise.all(
    checks.map(({ bytes, signature, publicKey }) => verifyWithLater(bytes, signature, publicKey))
  );
  return good.indexOf(false);
}
