import { mkdir, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LedgerError } from '../errors.js';
import type { Ledger } from '../ledger.js';
import { LogLedger } from '../log-ledger.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { FILES, replaceFile, syncFolder } from './files.js';
import { corrupt, openIdentity, type LogIdentity } from './identity.js';
import { takeLock } from './lock.js';
import { readLog, type LogRead } from './read-log.js';
import { FileStorage } from './storage.js';

export interface EmbeddedLedgerOptions {
  /** Where the log is kept; made when it is not there. */
  readonly folder: string;
  /** ms since 1970. @defaultValue `Date.now` */
  readonly clock?: () => number;
  /** Name of the log in its checkpoints, without spaces and plus signs. @defaultValue made from the log's key */
  readonly origin?: string;
}

/**
 * Opens the log in a folder, or begins one: one process at a time.
 *
 * @throws {@link LedgerError} `LOCKED`, `CORRUPT` or `IO`, with how to mend
 */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<Ledger> {
  const folder = resolve(options.folder);
  try {
    await makeFolder(folder);
    const unlock = await takeLock(folder);
    try {
      return await openLocked(folder, options, unlock);
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
  { clock = Date.now, origin }: EmbeddedLedgerOptions,
  unlock: () => Promise<void>
): Promise<Ledger> {
  const identity = await openIdentity(folder, origin);
  const path = join(folder, FILES.log);
  // The signatures below a checkpoint of our own were checked before it was signed, and its root covers them.
  const log = await readLog(path, identity.checkpoint.size);
  assertWhole(folder, identity, log);
  const { verifier, privateKey } = identity;
  const handle = await open(path, 'a');
  try {
    if (log.fileLength > log.length || log.tree.size > identity.checkpoint.size) {
      // What follows the checkpoint was never answered: it stays as far as it is whole.
      await handle.truncate(log.length);
      await handle.sync();
    }
    const { replica, tree } = log;
    const checkpoint = await coveringAll(folder, identity, log);
    const storage = new FileStorage(folder, handle, unlock);
    return new LogLedger({ storage, replica, tree, checkpoint, origin: verifier.name, privateKey, clock });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What the checkpoint covers must be there, as it was; what follows it must at least be accepted. */
function assertWhole(folder: string, { checkpoint }: LogIdentity, { tree, problem }: LogRead): void {
  if (problem !== undefined && (problem.index < checkpoint.size || !problem.damaged)) {
    corrupt(folder, `entry ${problem.index} at byte ${problem.offset} of ${FILES.log}: ${problem.reason}`);
  }
  if (tree.size < checkpoint.size) {
    corrupt(folder, `${FILES.log} has ${tree.size} entries, the checkpoint covers ${checkpoint.size}`);
  }
  if (!tree.root(checkpoint.size).equals(checkpoint.root)) {
    corrupt(folder, `the first ${checkpoint.size} entries of ${FILES.log} do not give the root of the checkpoint`);
  }
}

/** A checkpoint over all entries: the last one, or a new one after a stop between the entries and theirs. */
async function coveringAll(folder: string, identity: LogIdentity, { tree }: LogRead): Promise<string> {
  if (tree.size === identity.checkpoint.size) {
    return identity.note;
  }
  const { verifier, privateKey } = identity;
  const note = signCheckpoint({ origin: verifier.name, size: tree.size, root: tree.root() }, privateKey);
  await replaceFile(folder, FILES.checkpoint, note);
  return note;
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let path = folder; first !== undefined && path.startsWith(first); path = dirname(path)) {
    await syncFolder(dirname(path));
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
