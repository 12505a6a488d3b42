import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startChild, type ChildOrder } from './child.js';
import type { Stdio } from './inherited.js';
import { endMarked, endRecorded, type RecordedProcess } from './processes.js';
import type { AttemptEnd, StartedAttempt } from './sandbox.js';
import { SPAWNER_FILE } from './spawner-file.js';

/** Processes that are started here before a process that starts the others is worth its own start. */
const WORTHWHILE = 16;

const LOST = 'the process that starts jobs has ended';

/** What the process that starts processes is told. */
export type ToSpawner =
  { readonly id: number; readonly order: ChildOrder } | { readonly id: number; readonly kill: true };

/** What it says: that it is there; that one has started, or could not be; that one has ended. */
export type FromSpawner =
  | { readonly ready: true }
  | { readonly id: number; readonly processes: readonly RecordedProcess[] }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly end: AttemptEnd };

interface Going {
  readonly order: ChildOrder;
  /** Absent until it has started. */
  processes?: readonly RecordedProcess[];
  readonly started: (processes: readonly RecordedProcess[]) => void;
  readonly failed: (error: Error) => void;
  readonly ended: (end: AttemptEnd) => void;
}

/**
 * Starts processes: the first ones itself, many by a small process of its own. To start one takes the longer the more
 * memory the process has that does it, for fork(2) copies the tables of all of it; and this one goes on meanwhile.
 */
export class Spawner {
  readonly #cover: (stdio: Stdio) => Stdio;
  readonly #worthwhile: number;
  readonly #file: URL;
  readonly #going = new Map<number, Going>();
  /** The process that starts others, until it is gone. */
  #helper: ChildProcess | undefined;
  /** Whether it has said that it is there. */
  #ready = false;
  #count = 0;

  /**
   * @param cover Adds to the files of a process what is to hide others of this one.
   * @param worthwhile Number of processes after which another process starts them.
   */
  constructor(cover: (stdio: Stdio) => Stdio, worthwhile = WORTHWHILE, file = SPAWNER_FILE) {
    this.#cover = cover;
    this.#worthwhile = worthwhile;
    this.#file = file;
  }

  /** Rejects with an error that has the system's code when it could not be tried. */
  async start(order: ChildOrder): Promise<StartedAttempt> {
    const id = this.#count++;
    if (id === this.#worthwhile) this.#launch();
    if (this.#ready) return this.#startThere(id, order);
    const { processes, ended, kill } = startChild(order, this.#cover);
    return { processes: Promise.resolve(processes), ended, kill };
  }

  /** Resolves when the process that starts others is gone; what it started goes with it. */
  async close(): Promise<void> {
    const helper = this.#helper;
    if (helper === undefined) return;
    const gone = once(helper, 'exit');
    helper.ref();
    if (helper.connected) helper.disconnect();
    await gone;
  }

  async #startThere(id: number, order: ChildOrder): Promise<StartedAttempt> {
    let ended: Going['ended'] = () => undefined;
    const end = new Promise<AttemptEnd>(resolve => (ended = resolve));
    const processes = await new Promise<readonly RecordedProcess[]>((started, failed) => {
      this.#going.set(id, { order, started, failed, ended });
      this.#helper?.channel?.ref();
      this.#tell({ id, order });
    });
    return { processes: Promise.resolve(processes), ended: end, kill: () => this.#tell({ id, kill: true }) };
  }

  #launch(): void {
    // In a session of its own, so that what a terminal sends to its processes reaches it through this one.
    const helper = fork(this.#file, {
      execArgv: [],
      env: {},
      detached: true,
      stdio: this.#cover(['ignore', 'ignore', 'ignore', 'ipc'])
    });
    this.#helper = helper;
    helper.on('message', (message: FromSpawner) => this.#hear(message));
    helper.once('exit', () => this.#lose());
    helper.on('error', () => this.#lose());
    helper.unref();
    helper.channel?.unref();
  }

  #tell(message: ToSpawner): void {
    // Its end is told by `exit`.
    this.#helper?.send(message, () => undefined);
  }

  #hear(message: FromSpawner): void {
    if ('ready' in message) {
      this.#ready = true;
      return;
    }
    const going = this.#going.get(message.id);
    if ('processes' in message) {
      if (going !== undefined) going.processes = message.processes;
      going?.started(message.processes);
      return;
    }
    this.#going.delete(message.id);
    if (this.#going.size === 0) this.#helper?.channel?.unref();
    if ('end' in message) going?.ended(message.end);
    else going?.failed(Object.assign(new Error(message.failed), { code: message.failed }));
  }

  /** Further processes are started here. */
  #lose(): void {
    this.#ready = false;
    this.#helper = undefined;
    const lost = [...this.#going.values()];
    this.#going.clear();
    for (const going of lost) void endLost(going);
  }
}

/** What was started by a process that is gone ends too, also when nobody heard any more that it had started. */
async function endLost({ order, processes, failed, ended }: Going): Promise<void> {
  if (processes === undefined) {
    await endMarked(order.marks);
    failed(Object.assign(new Error(LOST), { code: LOST }));
    return;
  }
  for (const process of processes) await endRecorded(process);
  ended({ kind: 'error', reason: LOST });
}
