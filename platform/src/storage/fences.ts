import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deleteDurably, syncFolder, writeDurably } from '../vault/files.js';

/** A lease as it is shown where its dataset is mounted. */
export interface Grant {
  readonly dataset: string;
  readonly lease: string;
  /** Its fencing number: a later grant of the dataset has a higher one. */
  readonly fencing: number;
}

/** The last grant of a dataset, as the ledger tells it. */
export interface Fence {
  readonly fencing: number;
  /** Leases that could be active then, its own among them: one of an exclusive dataset, up to N of a shared one. */
  readonly leases: readonly string[];
}

/**
 * Whether a lease is over because a later grant was seen: an older number is good only beside that grant, which the
 * fence tells. (On an exclusive dataset nothing is, so that any lower number is refused.)
 */
export function isFencedOff({ lease, fencing }: Grant, fence: Fence | undefined): boolean {
  return fence !== undefined && fencing <= fence.fencing && !fence.leases.includes(lease);
}

const FILE = /^(\d{16})\.json$/;

/**
 * The highest grant of each dataset that this place has seen, kept for ever: fencing tokens. A process that was
 * paused, or sees an old ledger, can't mount for a lease that ended while it was away: see
 * https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html.
 */
export class Fences {
  readonly #folder: string;

  /** @param folder - exists; the same one for all that mount the same data */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Remembers a grant; when it resolves that is on the disk. An older one than the last changes nothing. */
  async raise(dataset: string, { fencing, leases }: Fence): Promise<void> {
    const last = this.#numbers(dataset).at(-1);
    if (last !== undefined && last >= fencing) return;
    const folder = join(this.#folder, dataset);
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dirname(folder));
    // A file a number, the highest counts: whoever is late with a lower one takes nothing back.
    await writeDurably(this.#path(dataset, fencing), JSON.stringify({ leases }), randomUUID());
    for (const lower of this.#numbers(dataset).filter(one => one < fencing))
      await deleteDurably(this.#path(dataset, lower));
  }

  /** Reads from the disk what others raised, too. Undefined: no grant of the dataset was seen here. */
  last(dataset: string): Fence | undefined {
    for (;;) {
      const fencing = this.#numbers(dataset).at(-1);
      if (fencing === undefined) return undefined;
      const text = textIfThere(this.#path(dataset, fencing));
      // Else another process has just put a higher one in its place.
      if (text !== undefined) return { fencing, ...(JSON.parse(text) as Pick<Fence, 'leases'>) };
    }
  }

  /** Why data must not be mounted for a lease any more, now. */
  problem(grant: Grant): string | undefined {
    const fence = this.last(grant.dataset);
    return fence && isFencedOff(grant, fence)
      ? `lease ${grant.lease} is over: it has grant ${grant.fencing} of dataset ${grant.dataset}, and grant ${fence.fencing} was seen here`
      : undefined;
  }

  #numbers(dataset: string): number[] {
    return namesIn(join(this.#folder, dataset))
      .flatMap(name => FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #path(dataset: string, fencing: number): string {
    return join(this.#folder, dataset, `${String(fencing).padStart(16, '0')}.json`);
  }
}

const namesIn = (folder: string): string[] => orUndefined(() => readdirSync(folder)) ?? [];
const textIfThere = (path: string): string | undefined => orUndefined(() => readFileSync(path, 'utf8'));

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
