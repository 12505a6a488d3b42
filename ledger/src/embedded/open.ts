import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { leafBytes } from '../entry.js';
import { LedgerError } from '../errors.js';
import { Finality, type WitnessAddress } from '../finality.js';
import type { Ledger } from '../ledger.js';
import { LogLedger } from '../log-ledger.js';
import { MerkleTree } from '../merkle/tree.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { realDisk, type Disk, type DiskFile } from './disk.js';
import { EventsFile, eventsAreGood } from './events-file.js';
import { FILES, replaceFile, syncFolder } from './files.js';
import { corrupt, openIdentity, type LogIdentity } from './identity.js';
import { askOverHttp } from '../witness/ask.js';
import { cosignedIn } from './cosigned.js';
import { takeLock } from './lock.js';
import { readLog, type LogRead } from './read-log.js';
import { SEGMENT_SIZE } from './segments.js';
import { readSnapshot, type Snapshot } from './snapshot.js';
import { FileStorage, SNAPSHOT_EVERY } from './storage.js';

export interface EmbeddedLedgerOptions {
  /** Where the log is kept; made when it is not there. */
  readonly folder: string;
  /** ms since 1970. @defaultValue `Date.now` */
  readonly clock?: () => number;
  /** Name of the log in its checkpoints, without spaces and plus signs. @defaultValue made from the log's key */
  readonly origin?: string;
  /** Where the witnesses of organizations are asked. Whose do count, and by which keys, is on the ledger. @defaultValue none */
  readonly witnesses?: readonly WitnessAddress[];
}

/**
 * Opens the log in a folder, or begins one: one process at a time.
 *
 * @throws {@link LedgerError} `LOCKED`, `CORRUPT` or `IO`, with how to mend
 */
export function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<Ledger> {
  return openLedgerOn({ disk: realDisk, segmentSize: SEGMENT_SIZE, snapshotEvery: SNAPSHOT_EVERY }, options);
}

/** What a test may change. */
export interface Inner {
  readonly disk: Disk;
  /** Bytes after which a new segment begins. */
  readonly segmentSize: number;
  /** Fewest entries between two snapshots. */
  readonly snapshotEvery: number;
}

/** As {@link openEmbeddedLedger}, on a disk that may fail. */
export async function openLedgerOn(inner: Inner, options: EmbeddedLedgerOptions): Promise<Ledger> {
  const folder = resolve(options.folder);
  try {
    await makeFolder(folder);
    const unlock = await takeLock(folder);
    try {
      return await openLocked(folder, options, inner, unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw readable(error, folder);
  }
}

async function openLocked(
  folder: string,
  { clock = Date.now, origin, witnesses = [] }: EmbeddedLedgerOptions,
  { disk, segmentSize, snapshotEvery }: Inner,
  unlock: () => Promise<void>
): Promise<Ledger> {
  const identity = await openIdentity(disk, folder, origin);
  const { verifier, privateKey } = identity;
  const { log, tree, events, snapshot } = await load(disk, folder, identity);
  const { replica, places, segments } = log;
  let file: DiskFile | undefined;
  try {
    const last = lastOf(segments);
    file = await disk.open(join(folder, last.file), 'a');
    if (last.fileLength > last.length || tree.size > identity.checkpoint.size) {
      // What follows the checkpoint was never answered: it stays as far as it is whole.
      await file.truncate(last.length);
      await file.sync();
    }
    const checkpoint = await coveringAll(disk, folder, identity, tree);
    const storage = new FileStorage({
      disk,
      folder,
      segments,
      places,
      log: file,
      events,
      replica,
      tree,
      snapshot,
      segmentSize,
      snapshotEvery,
      privateKey,
      unlock
    });
    const finality = new Finality(
      { replica, tree, addresses: witnesses, ask: askOverHttp, ...(await cosignedIn(disk, folder, witnesses)) },
      { note: checkpoint, size: tree.size, entry: await newest(storage, tree.size) }
    );
    return new LogLedger({ storage, replica, tree, checkpoint, origin: verifier.name, privateKey, clock, finality });
  } catch (error) {
    await events.close();
    await file?.close();
    throw error;
  }
}

async function newest(storage: FileStorage, size: number): Promise<Buffer | undefined> {
  for await (const entry of size === 0 ? [] : storage.entries(size - 1, size)) {
    return leafBytes(entry);
  }
  return undefined;
}

interface Loaded {
  readonly log: LogRead;
  readonly tree: MerkleTree;
  readonly events: EventsFile;
  /** Number of entries that the state of a snapshot was taken for. */
  readonly snapshot: number;
}

/** Reads the log: from its snapshot on if there is a good one, else from the beginning. */
async function load(disk: Disk, folder: string, identity: LogIdentity): Promise<Loaded> {
  const found = await readSnapshot(folder, identity.verifier.publicKey);
  const size = found?.head.size ?? Infinity;
  if (found !== undefined && size <= identity.checkpoint.size && (await eventsAreGood(folder, found.head))) {
    const loaded = await loadFrom(disk, folder, identity, found);
    const { tree, log } = loaded;
    if (log.problem?.damaged !== false && tree.size >= size && tree.root(size).toString('base64') === found.head.root) {
      return whole(folder, identity, loaded);
    }
    // Of another history under the same key, such as a copy that was put back.
    await loaded.events.close();
  }
  return whole(folder, identity, await loadFrom(disk, folder, identity, undefined));
}

async function whole(folder: string, identity: LogIdentity, loaded: Loaded): Promise<Loaded> {
  try {
    assertWhole(folder, identity, loaded);
    return loaded;
  } catch (error) {
    await loaded.events.close();
    throw error;
  }
}

async function loadFrom(
  disk: Disk,
  folder: string,
  identity: LogIdentity,
  found: Snapshot | undefined
): Promise<Loaded> {
  const events = await EventsFile.open(disk, folder, found?.head);
  const tree = new MerkleTree();
  try {
    const log = await readLog(folder, {
      begin: found?.replica,
      // The signatures below a checkpoint of our own were checked before it was signed, and its root covers them.
      trusted: identity.checkpoint.size,
      onEntries: entries => events.append(entries),
      onLeaf: ({ hash }) => tree.append(hash)
    });
    return { log, tree, events, snapshot: found?.head.size ?? 0 };
  } catch (error) {
    await events.close();
    throw error;
  }
}

/** What the checkpoint covers must be there, as it was; what follows it must at least be accepted. */
function assertWhole(folder: string, { checkpoint }: LogIdentity, { tree, log }: Loaded): void {
  const { problem, segments } = log;
  const unfinished =
    problem?.damaged === true && problem.index >= checkpoint.size && problem.file === segments.at(-1)?.file;
  if (problem !== undefined && !unfinished) {
    corrupt(folder, `entry ${problem.index} at byte ${problem.offset} of ${problem.file}: ${problem.reason}`);
  }
  if (tree.size < checkpoint.size) {
    corrupt(folder, `${FILES.log} has ${tree.size} entries, the checkpoint covers ${checkpoint.size}`);
  }
  if (!tree.root(checkpoint.size).equals(checkpoint.root)) {
    corrupt(folder, `the first ${checkpoint.size} entries of ${FILES.log} do not give the root of the checkpoint`);
  }
}

/** A checkpoint over all entries: the last one, or a new one after a stop between the entries and theirs. */
async function coveringAll(disk: Disk, folder: string, identity: LogIdentity, tree: MerkleTree): Promise<string> {
  if (tree.size === identity.checkpoint.size) {
    return identity.note;
  }
  const { verifier, privateKey } = identity;
  const note = signCheckpoint({ origin: verifier.name, size: tree.size, root: tree.root() }, privateKey);
  await replaceFile(disk, folder, FILES.checkpoint, note);
  return note;
}

function lastOf(segments: LogRead['segments']): LogRead['segments'][number] {
  const last = segments.at(-1);
  if (last === undefined) {
    throw new Error('a log has at least one segment');
  }
  return last;
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let path = folder; first !== undefined && path.startsWith(first); path = dirname(path)) {
    await syncFolder(realDisk, dirname(path));
  }
}

function readable(error: unknown, folder: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined
    ? new LedgerError(
        'IO',
        `The ledger in ${folder} can't be opened (${code ?? message}). Check that the folder can be read and written.`,
        { cause: error }
      )
    : error;
}
