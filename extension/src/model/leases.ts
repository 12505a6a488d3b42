import type { Lease } from '@jupyterflow/schema';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { LeaseVerb, Platform } from '../platform';
import { leaseState } from '../words/state';
import { MINUTE } from '../words/duration';
import { Live } from './live';
import { PAGE, pages } from './pages';

const INTERVAL = 10_000;
const MOST_PAGES = 10;

/** How long a lease that ended is still shown, in milliseconds. */
export const LINGER = 5 * MINUTE;
/** From when on the end of a lease is announced, in milliseconds before it. */
export const SOON = 10 * MINUTE;

/** The leases of the caller, or those on the data of their organization. */
export class LeasesModel implements IDisposable {
  /** @param select Which of the leases that the caller may see belong here. */
  constructor(
    private readonly platform: Platform,
    options: { readonly mine: boolean; readonly select?: (lease: Lease) => boolean; readonly idle?: () => boolean }
  ) {
    const { mine, select = () => true, idle } = options;
    const load = async (): Promise<readonly Lease[]> => {
      const { items } = await pages(
        cursor => platform.leases({ ...(mine ? { mine } : {}), cursor, limit: PAGE }),
        MOST_PAGES
      );
      return items.filter(select);
    };
    this.live = new Live({ name: mine ? 'leases' : 'lent', load, interval: () => INTERVAL, idle });
    this.live.changed.connect(this.#onChange, this);
  }

  readonly live: Live<readonly Lease[]>;

  /** Emitted when a lease that was requested has become active. */
  get granted(): ISignal<this, Lease> {
    return this.#granted;
  }

  get active(): readonly Lease[] {
    return (this.live.value ?? []).filter(lease => leaseState(lease, Date.now()) === 'active');
  }

  find(id: string | undefined): Lease | undefined {
    return this.live.value?.find(lease => lease.id === id);
  }

  /** @throws PlatformError */
  async request(dataset: string, purpose: string, duration: string): Promise<Lease> {
    const lease = await this.platform.requestLease(dataset, { purpose, duration });
    await this.live.refresh();
    return lease;
  }

  /** @throws PlatformError */
  async change(id: string, verb: LeaseVerb, action: { duration?: string; reason?: string } = {}): Promise<Lease> {
    const lease = await this.platform.changeLease(id, verb, action);
    await this.live.refresh();
    return lease;
  }

  get isDisposed(): boolean {
    return this.live.isDisposed;
  }

  dispose(): void {
    this.live.dispose();
    Signal.clearData(this);
  }

  #onChange(): void {
    for (const lease of this.live.value ?? []) {
      if (lease.state === 'active' && this.#requested.delete(lease.id)) {
        this.#granted.emit(lease);
      } else if (lease.state === 'requested') {
        this.#requested.add(lease.id);
      }
    }
  }

  readonly #granted = new Signal<this, Lease>(this);
  readonly #requested = new Set<string>();
}

/** Whether a lease lives or waits at a time. */
export function isOpen(lease: Lease, now: number): boolean {
  const state = leaseState(lease, now);
  return state === 'active' || state === 'requested';
}

/** The leases worth a line at a time: those that wait or live, the first to end first; then those that have just ended. */
export function visibleLeases(leases: readonly Lease[], now: number): readonly Lease[] {
  const endedAt = (lease: Lease): number => Date.parse(lease.endedAt ?? lease.expiresAt ?? lease.requestedAt);
  const ends = (lease: Lease): number => (lease.expiresAt ? Date.parse(lease.expiresAt) : Infinity);
  const byEnd = (a: Lease, b: Lease): number => (ends(a) === ends(b) ? 0 : ends(a) - ends(b));
  return [
    ...leases.filter(lease => isOpen(lease, now)).sort(byEnd),
    ...leases
      .filter(lease => !isOpen(lease, now) && now - endedAt(lease) < LINGER)
      .sort((a, b) => endedAt(b) - endedAt(a))
  ];
}

/** Active leases that end soon and were not told of yet; an announcement is for one end, so a renewed lease gets another. */
export function endingSoon(leases: readonly Lease[], now: number, told: ReadonlySet<string>): readonly Lease[] {
  return leases.filter(lease => {
    const left = lease.expiresAt === undefined ? Infinity : Date.parse(lease.expiresAt) - now;
    return lease.state === 'active' && left > 0 && left < SOON && !told.has(endKey(lease));
  });
}

/** One end of one lease. */
export function endKey(lease: Lease): string {
  return `${lease.id} ${lease.expiresAt ?? ''}`;
}
