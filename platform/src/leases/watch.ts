import { leaseState, type Ledger, type LeaseRecord } from '@jupyterflow/ledger';
import type { Clock } from '../clock.js';

/** A lease as people call it. */
export interface NamedLease {
  readonly id: string;
  /** Title of the dataset. */
  readonly title: string;
}

/** Leases that somebody relies on. */
export interface Following {
  /** Why they can't be relied on any more, now. */
  reason(): string | undefined;
  close(): void;
}

/**
 * Tells at once when a lease ends that somebody relies on: by an event of the ledger, or by its time.
 * It knows all active leases, so that the question "is it still active" needs no waiting.
 */
export class LeaseWatch {
  readonly #clock: Clock;
  readonly #active = new Map<string, LeaseRecord>();
  readonly #ended = new Map<string, string>();
  readonly #followers = new Map<string, Set<() => void>>();
  readonly #unsubscribe: () => void;
  #cancelTimer: (() => void) | undefined;

  constructor(ledger: Ledger, clock: Clock) {
    this.#clock = clock;
    this.#unsubscribe = ledger.subscribe(({ events }) => {
      for (const event of events) if ('lease' in event) this.#heard(event.lease);
    });
  }

  /** Makes known the leases that were active before the watch began to listen. */
  load(active: readonly LeaseRecord[]): void {
    for (const lease of active)
      if (!this.#active.has(lease.id) && !this.#ended.has(lease.id)) this.#active.set(lease.id, lease);
    this.#setTimer();
  }

  /** Calls back once, when the first of these leases ends; at once, when one has ended already. */
  follow(leases: readonly NamedLease[], onEnd: (reason: string) => void): Following {
    let told: string | undefined;
    const reason = (): string | undefined =>
      (told ??= leases.map(one => this.#endOf(one)).find(one => one !== undefined));
    let open = true;
    const look = (): void => {
      const why = open ? reason() : undefined;
      if (why === undefined) return;
      close();
      onEnd(why);
    };
    const close = (): void => {
      open = false;
      for (const { id } of leases) this.#forget(id, look);
    };
    for (const { id } of leases) this.#followers.set(id, (this.#followers.get(id) ?? new Set()).add(look));
    this.#setTimer();
    look();
    return { reason, close };
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelTimer?.();
    this.#followers.clear();
  }

  #endOf({ id, title }: NamedLease): string | undefined {
    const lease = this.#active.get(id);
    const state = lease ? leaseState(lease, this.#clock.now()) : (this.#ended.get(id) ?? 'not active');
    return state === 'active' ? undefined : `lease ${id} of ${title} ended: ${state}`;
  }

  #heard(lease: LeaseRecord): void {
    if (lease.state === 'active') this.#active.set(lease.id, lease);
    else if (lease.state !== 'requested') {
      this.#active.delete(lease.id);
      if (this.#followers.has(lease.id)) this.#ended.set(lease.id, lease.state);
      this.#tell(lease.id);
    }
    this.#setTimer();
  }

  #tell(id: string): void {
    for (const look of [...(this.#followers.get(id) ?? [])]) look();
  }

  #forget(id: string, look: () => void): void {
    const followers = this.#followers.get(id);
    followers?.delete(look);
    if (followers?.size !== 0) return;
    this.#followers.delete(id);
    this.#ended.delete(id);
  }

  /** One timer, at the earliest end of the leases that somebody follows. */
  #setTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const ends = [...this.#followers.keys()]
      .map(id => this.#active.get(id)?.expiresAt)
      .filter(end => end !== undefined);
    if (ends.length > 0) this.#cancelTimer = this.#clock.at(Math.min(...ends), () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const [id, lease] of this.#active) {
      if (leaseState(lease, now) === 'active') continue;
      this.#active.delete(id);
      if (this.#followers.has(id)) this.#ended.set(id, 'expired');
      this.#tell(id);
    }
    this.#setTimer();
  }
}
