import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry } from '../ledger.js';
import { writeAll, type Disk, type DiskFile } from './disk.js';
import { formatEvents } from './events-line.js';
import { FILES, isThere } from './files.js';
import { Places } from './places.js';

/** How far the file of events is good: what a snapshot tells of it. */
export interface EventsExtent {
  /** Bytes. */
  readonly events: number;
  /** CRC-32 of these bytes. */
  readonly sum: number;
  /** Where every 64th entry begins. */
  readonly places: readonly number[];
}

/** The file of events, open for appending. */
export class EventsFile {
  readonly places: Places;
  readonly #file: DiskFile;
  #length: number;
  #sum: number;

  private constructor(file: DiskFile, { events, sum, places }: EventsExtent) {
    this.#file = file;
    this.#length = events;
    this.#sum = sum;
    this.places = new Places(places);
  }

  /** Opens the file and cuts off what follows the events that are known to be good. */
  static async open(
    disk: Disk,
    folder: string,
    extent: EventsExtent = { events: 0, sum: 0, places: [] }
  ): Promise<EventsFile> {
    const file = await disk.open(join(folder, FILES.events), 'a', 0o600);
    try {
      await file.truncate(extent.events);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new EventsFile(file, extent);
  }

  /** All that was appended so far. */
  extent(): EventsExtent {
    return { events: this.#length, sum: this.#sum, places: [...this.places.offsets] };
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
    const bytes = Buffer.concat(lines);
    this.#sum = crc32(bytes, this.#sum);
    await writeAll(this.#file, bytes);
  }

  sync(): Promise<void> {
    return this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Whether the file of events still begins with the bytes that a snapshot tells of. */
export async function eventsAreGood(folder: string, { events, sum }: EventsExtent): Promise<boolean> {
  const path = join(folder, FILES.events);
  let [length, found] = [0, 0];
  if (events > 0 && (await isThere(path))) {
    const stream = createReadStream(path, { end: events - 1, highWaterMark: 1024 * 1024 });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      found = crc32(chunk, found);
    }
  }
  return length === events && found === sum;
}
