import { join } from 'node:path';
import { LedgerError } from '../errors.js';
import { freeze } from '../freeze.js';
import type { Entry } from '../ledger.js';
import { parseEvents } from './events-line.js';
import { FILES } from './files.js';
import { parseEntry, readLeaf } from './line.js';
import { linesOf } from './lines.js';
import type { Places } from './places.js';
import type { Segment } from './segments.js';

/** Bytes that are read at once: 64 entries, mostly. */
const PIECE = 64 * 1024;

/** Where entries are, as far as they are kept. */
export interface EntryPlaces {
  readonly folder: string;
  readonly segments: readonly (Segment & { readonly base: number })[];
  /** In the segments, counted over all of them. */
  readonly log: Places;
  /** In the file of events. */
  readonly events: Places;
}

/**
 * Reads kept entries from the disk, from one on to before another.
 *
 * @throws {@link LedgerError} `CORRUPT`, when what is read is not what was written
 */
export async function* readEntries(places: EntryPlaces, from: number, end: number): AsyncGenerator<Entry, void> {
  const lines = logLines(places, from, end);
  const changes = eventLines(places, from, end);
  try {
    for (let index = from; index < end; index++) {
      const line = await lines.next();
      const leaf = line.done === true ? undefined : readLeaf(line.value);
      const stored = leaf === undefined ? 'it is not what was written' : parseEntry(leaf.bytes);
      if (typeof stored === 'string') {
        throw damaged(places.folder, `entry ${index}: ${stored}. Restore the folder from a good copy`);
      }
      const change = await changes.next();
      const events = change.done === true ? undefined : parseEvents(change.value, index);
      if (events === undefined) {
        throw damaged(places.folder, `${FILES.events}, of entry ${index}. Open the ledger again: it is made anew`);
      }
      yield freeze<Entry>({ ...stored, events });
    }
  } finally {
    await Promise.all([lines.return(), changes.return()]);
  }
}

async function* logLines(
  { folder, segments, log }: EntryPlaces,
  from: number,
  end: number
): AsyncGenerator<Buffer, void> {
  const place = log.before(from);
  let { index } = place;
  const first = segments.findLastIndex(({ base }) => base <= place.offset);
  for (const [n, { file, base }] of segments.slice(first).entries()) {
    for await (const lines of linesOf(join(folder, file), { from: n === 0 ? place.offset - base : 0, piece: PIECE })) {
      for (const { bytes } of lines) {
        if (index >= end) {
          return;
        }
        if (index >= from) {
          yield bytes;
        }
        index += 1;
      }
    }
  }
}

async function* eventLines({ folder, events }: EntryPlaces, from: number, end: number): AsyncGenerator<Buffer, void> {
  const place = events.before(from);
  let { index } = place;
  for await (const lines of linesOf(join(folder, FILES.events), { from: place.offset, piece: PIECE })) {
    for (const { bytes } of lines) {
      if (index >= end) {
        return;
      }
      if (index >= from) {
        yield bytes;
      }
      index += 1;
    }
  }
}

function damaged(folder: string, what: string): LedgerError {
  return new LedgerError('CORRUPT', `The log in ${folder} is damaged: ${what}.`);
}
