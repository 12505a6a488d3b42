import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { IdIndex } from '../ids.js';
import { signWith, verifyWith } from '../keys.js';
import { RecordStore } from '../records.js';
import { Replica } from '../replica.js';
import type { StateKey } from '../rules/reads.js';
import { writeAll, type Disk } from './disk.js';
import type { EventsExtent } from './events-file.js';
import { FILES, isThere, syncFolder } from './files.js';
import { linesOf } from './lines.js';

/** What a snapshot says of the log it was made from. */
export interface SnapshotHead extends EventsExtent {
  /** {@link VERSION} of who wrote it. */
  readonly version: number;
  /** Number of entries. */
  readonly size: number;
  /** Root of the tree over them, base64. */
  readonly root: string;
  /** Time of the last of them, ms. */
  readonly time: number;
  /** Number of records. */
  readonly records: number;
}

export interface Snapshot {
  readonly head: SnapshotHead;
  readonly replica: Replica;
}

/** Grows when the rules begin to fold a log to other records, or this file is written otherwise. */
const VERSION = 3;
/** Bytes of the longest line that is read: the digests of all command ids are one, some 21 bytes an entry. */
const LONGEST = 1024 * 1024 * 1024;
/** Lines that are written at once, so that the log is not held up. */
const BUNCH = 2000;

/** The state of a replica, to be written: it does not change when the replica does. */
export function snapshotOf(
  replica: Replica,
  about: Pick<SnapshotHead, 'size' | 'root'> & EventsExtent
): (disk: Disk, folder: string, privateKey: string) => Promise<void> {
  const { digests, records, time } = replica.copy();
  const head: SnapshotHead = { version: VERSION, ...about, time, records: records.length };
  return async (disk, folder, privateKey) => {
    const path = join(folder, FILES.snapshot);
    const file = await disk.open(`${path}.new`, 'w', 0o600);
    const sum = createHash('sha256');
    const put = async (text: string): Promise<void> => {
      const bytes = Buffer.from(text);
      sum.update(bytes);
      await writeAll(file, bytes);
    };
    try {
      await put(`${JSON.stringify(head)}\n${digests.toString('base64')}\n`);
      for (let at = 0; at < records.length; at += BUNCH) {
        await put(
          records
            .slice(at, at + BUNCH)
            .map(([key, text]) => `${key} ${text}\n`)
            .join('')
        );
      }
      await writeAll(file, Buffer.from(`${signWith(sum.digest(), privateKey).toString('base64')}\n`));
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(`${path}.new`, path);
    await syncFolder(disk, folder);
  };
}

/**
 * Reads the snapshot of a log. One that is missing, damaged or not signed by the log's key is no snapshot: the log
 * itself has everything.
 */
export async function readSnapshot(folder: string, publicKey: string): Promise<Snapshot | undefined> {
  const path = join(folder, FILES.snapshot);
  if (!(await isThere(path))) {
    return undefined;
  }
  const sum = createHash('sha256');
  const records = new RecordStore();
  let head: SnapshotHead | undefined;
  let ids: IdIndex | undefined;
  let count = 0;
  let signed: boolean | undefined;
  for await (const lines of linesOf(path, { longest: LONGEST })) {
    for (const { bytes, whole } of lines) {
      if (!whole || signed !== undefined) {
        return undefined;
      }
      if (head === undefined) {
        head = parseHead(bytes);
        if (head === undefined) {
          return undefined;
        }
      } else if (ids === undefined) {
        ids = IdIndex.from(Buffer.from(bytes.toString(), 'base64'));
      } else if (count < head.records) {
        const space = bytes.indexOf(0x20);
        records.setText(bytes.toString('utf8', 0, space) as StateKey, bytes.toString('utf8', space + 1));
        count += 1;
      } else {
        const signature = Buffer.from(bytes.toString(), 'base64');
        // Some other texts decode to the same bytes: a changed file is to be seen as changed.
        const asWritten = signature.toString('base64') === bytes.toString('latin1');
        signed = asWritten && verifyWith(sum.digest(), bytes.toString(), publicKey);
        continue;
      }
      sum.update(bytes).update('\n');
    }
  }
  return signed === true && head !== undefined && ids?.count === head.size
    ? { head, replica: new Replica(false, { ids, records, time: head.time }) }
    : undefined;
}

function parseHead(line: Buffer): SnapshotHead | undefined {
  try {
    const head = JSON.parse(line.toString()) as SnapshotHead;
    return head.version === VERSION ? head : undefined;
  } catch {
    return undefined;
  }
}
