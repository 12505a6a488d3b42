import { join } from 'node:path';
import type { Entry } from '../ledger.js';
import { writeAll, type Disk, type DiskFile } from './disk.js';
import { formatEvents } from './events-line.js';
import { FILES } from './files.js';
import { Places } from './places.js';

/** The file of events, open for appending. */
export class EventsFile {
  readonly places: Places;
  readonly #file: DiskFile;
  #length: number;

  private constructor(file: DiskFile, length: number, places: Places) {
    this.#file = file;
    this.#length = length;
    this.places = places;
  }

  /** Opens the file and cuts off what follows the events that are known to be good. */
  static async open(disk: Disk, folder: string, length: number, places: readonly number[]): Promise<EventsFile> {
    const file = await disk.open(join(folder, FILES.events), 'a', 0o600);
    try {
      await file.truncate(length);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new EventsFile(file, length, new Places(places));
  }

  /** Bytes of the events so far. */
  get length(): number {
    return this.#length;
  }

  async append(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) {
      return;
    }
    const lines = entries.map(({ index, events }) => Buffer.from(formatEvents(index, events)));
    for (const [n, line] of lines.entries()) {
      this.places.add((entries[0]?.index ?? 0) + n, this.#length);
      this.#length += line.length;
    }
    await writeAll(this.#file, Buffer.concat(lines));
  }

  sync(): Promise<void> {
    return this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
