import type { Run } from '@jupyterflow/schema';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Platform } from '../platform';
import { isActive } from '../words/state';
import { Live } from './live';

const WHILE_ACTIVE = 1_500;
const INTERVAL = 10_000;
/** Runs that the list shows. */
const MOST = 50;

/** The newest runs that the caller may see. */
export class RunsModel implements IDisposable {
  constructor(private readonly platform: Platform) {
    this.live = new Live<readonly Run[]>({
      name: 'runs',
      load: async () => (await platform.runs({ limit: MOST })).items,
      interval: runs => (runs.some(isActive) ? WHILE_ACTIVE : INTERVAL)
    });
    this.live.changed.connect(this.#onChange, this);
  }

  readonly live: Live<readonly Run[]>;

  /** Emitted when a run that was seen active has ended. */
  get ended(): ISignal<this, Run> {
    return this.#ended;
  }

  get active(): readonly Run[] {
    return (this.live.value ?? []).filter(isActive);
  }

  find(id: string | undefined): Run | undefined {
    return this.live.value?.find(run => run.id === id);
  }

  /** @throws PlatformError */
  async stop(id: string): Promise<void> {
    await this.platform.stopRun(id);
    await this.live.refresh();
  }

  get isDisposed(): boolean {
    return this.live.isDisposed;
  }

  dispose(): void {
    this.live.dispose();
    Signal.clearData(this);
  }

  #onChange(): void {
    for (const run of this.live.value ?? []) {
      if (isActive(run)) {
        this.#active.add(run.id);
      } else if (this.#active.delete(run.id)) {
        this.#ended.emit(run);
      }
    }
  }

  readonly #ended = new Signal<this, Run>(this);
  readonly #active = new Set<string>();
}

/** One run, followed until it has ended. */
export function liveRun(platform: Platform, id: string): Live<Run> {
  const after = 60 * INTERVAL;
  return new Live<Run>({
    name: `run-${id}`,
    load: () => platform.run(id),
    interval: run => (isActive(run) ? 1_000 : after)
  });
}
