import { join } from 'node:path';
import type { Entry } from '../ledger.js';
import type { KeptEntry, LogStorage } from '../log-ledger.js';
import type { MerkleTree } from '../merkle/tree.js';
import type { Replica } from '../replica.js';
import { writeAll, type Disk, type DiskFile } from './disk.js';
import { readEntries } from './entry-files.js';
import type { EventsFile } from './events-file.js';
import { FILES, prepareFile, syncFolder } from './files.js';
import { formatLine } from './line.js';
import type { Places } from './places.js';
import { segmentFile, type Segment } from './segments.js';
import { snapshotOf } from './snapshot.js';

/** Fewest entries between two snapshots: they are replayed in a second or so. */
export const SNAPSHOT_EVERY = 8192;
/** Of a longer log a snapshot is made after this part of it, so that they cost the same for each entry. */
const SNAPSHOT_PART = 1 / 8;

export interface FileStorageOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly segments: readonly (Segment & { readonly base: number; readonly length: number })[];
  readonly places: Places;
  /** The last segment, open for appending. */
  readonly log: DiskFile;
  readonly events: EventsFile;
  readonly replica: Replica;
  readonly tree: MerkleTree;
  /** Number of entries of the snapshot that is there. */
  readonly snapshot: number;
  readonly segmentSize: number;
  readonly snapshotEvery: number;
  /** Key of the log, PKCS#8 DER in base64. */
  readonly privateKey: string;
  readonly unlock: () => Promise<void>;
}

/** Keeps a log in its folder. */
export class FileStorage implements LogStorage {
  readonly #options: FileStorageOptions;
  readonly #segments: (Segment & { readonly base: number })[];
  #log: DiskFile;
  /** Bytes of all segments. */
  #length: number;
  #size: number;
  #snapshot: number;
  #snapshotting: Promise<void> | undefined;
  #failed = false;

  constructor(options: FileStorageOptions) {
    this.#options = options;
    this.#segments = [...options.segments];
    const last = options.segments.at(-1);
    this.#length = last === undefined ? 0 : last.base + last.length;
    this.#log = options.log;
    this.#size = options.replica.size;
    this.#snapshot = options.snapshot;
  }

  async keep(entries: readonly KeptEntry[], checkpoint: string): Promise<void> {
    const { disk, folder, events, replica, snapshotEvery } = this.#options;
    if (replica.size - this.#snapshot >= Math.max(snapshotEvery, replica.size * SNAPSHOT_PART)) {
      this.#snapshotting ??= this.#makeSnapshot();
    }
    try {
      await this.#nextSegment();
      // Written beside the entries but named only after them: a checkpoint never covers what is not there.
      const [replace] = await settled([
        prepareFile(disk, folder, FILES.checkpoint, checkpoint),
        this.#append(entries),
        events.append(entries.map(({ entry }) => entry))
      ]);
      await replace();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#size += entries.length;
  }

  entries(from: number, end: number): AsyncIterable<Entry> {
    const { folder, places, events } = this.#options;
    return readEntries({ folder, segments: this.#segments, log: places, events: events.places }, from, end);
  }

  async close(): Promise<void> {
    const { replica, events, unlock } = this.#options;
    await this.#snapshotting;
    if (!this.#failed && replica.size !== this.#snapshot) {
      await this.#makeSnapshot();
    }
    await this.#log.close();
    await events.close();
    await unlock();
  }

  async #append(entries: readonly KeptEntry[]): Promise<void> {
    const lines = entries.map(formatLine);
    await writeAll(this.#log, Buffer.concat(lines));
    await this.#log.datasync();
    for (const [n, line] of lines.entries()) {
      this.#options.places.add(this.#size + n, this.#length);
      this.#length += line.length;
    }
  }

  async #nextSegment(): Promise<void> {
    const { disk, folder, segmentSize } = this.#options;
    const base = this.#segments.at(-1)?.base ?? 0;
    if (this.#length - base < segmentSize) {
      return;
    }
    const segment = { file: segmentFile(this.#size), first: this.#size, base: this.#length };
    const fresh = await disk.open(join(folder, segment.file), 'a');
    await syncFolder(disk, folder);
    await this.#log.close();
    this.#log = fresh;
    this.#segments.push(segment);
  }

  /** Begun between two writes, when the replica has all that is kept; goes on beside the next ones. */
  async #makeSnapshot(): Promise<void> {
    const { disk, folder, events, replica, tree, privateKey } = this.#options;
    const { size } = replica;
    const root = tree.root(size).toString('base64');
    const write = snapshotOf(replica, { size, root, ...events.extent() });
    try {
      await events.sync();
      await write(disk, folder, privateKey);
    } catch (error) {
      // Nothing is lost but time at the next start; what is wrong with the disk will show at the next entry.
      process.emitWarning(`no snapshot of the ledger in ${folder} was made: ${(error as Error).message}`);
    }
    // Also when it failed: the next try comes when the next one is due.
    this.#snapshot = size;
    this.#snapshotting = undefined;
  }
}

/** Waits for all, so that nothing goes on after a failure; then the first failure is thrown. */
async function settled<T extends readonly unknown[]>(all: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(all);
  return await Promise.all(all);
}
