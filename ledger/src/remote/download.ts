import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FILES } from '../embedded/files.js';
import { LONGEST_LINE } from '../embedded/lines.js';
import { LedgerError } from '../errors.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { parseNote } from '../note/signed-note.js';
import { parseBundle, type ProofBundle } from '../proof/bundle.js';
import { get, textOf, type Answer } from './get.js';

/** What the other side may send at most, and where it is kept. */
export interface DownloadOptions {
  /** Bytes of the log; absent: 16 GiB, and half of what is free in the temporary folder. */
  readonly log?: number | undefined;
  /** How long nothing may come, ms. */
  readonly silence?: number | undefined;
  /** Folder in which the copy is made; absent: that of the system. */
  readonly temporary?: string;
}

const KIB = 1024;
const GIB = 1024 ** 3;
/** Bytes of the longest checkpoint: a hundred signatures. */
const CHECKPOINT = 64 * KIB;
/** Bytes of the longest proof: it has every command about a lease and its dataset. */
const PROOF = GIB / 4;
/** Bytes of the longest log, unless more is asked for. */
const LOG = 16 * GIB;
const [NEWLINE, BRACE] = [0x0a, 0x7b];

/** Whether the name of a log is an address on the network; else it is a folder. */
export function isAddress(log: string): boolean {
  return URL.canParse(log) && ['http:', 'https:'].includes(new URL(log).protocol);
}

/**
 * Copies a log from the ledger API of a platform, `GET checkpoint` and `GET entries`, into a folder that is removed
 * afterwards, also when the process is told to end.
 *
 * @param url - of the API, such as `https://hub.example/services/platform/api/v1/ledger`
 * @throws {@link LedgerError} `IO`, when it can't be had, or is too much; `INVALID`, when it is no log
 */
export async function withDownload<T>(
  url: string,
  use: (folder: string) => Promise<T>,
  { log, silence, temporary = tmpdir() }: DownloadOptions = {}
): Promise<T> {
  const folder = await mkdtemp(join(temporary, 'jupyterflow-ledger-'));
  const keep = removeAtEnd(folder);
  try {
    // The checkpoint first: the entries that it covers are there by then.
    const answer = await get(url, 'checkpoint', { silence });
    const checkpoint = await textOf(answer, CHECKPOINT);
    if (parseCheckpoint(parseNote(checkpoint)?.text ?? '') === undefined) {
      throw noLog(answer.address, 'a signed checkpoint');
    }
    await writeFile(join(folder, FILES.checkpoint), checkpoint);
    const entries = await get(url, 'entries', { silence });
    const most = log ?? Math.min(LOG, (await freeBytes(folder)) / 2);
    await pipeline(logOf(entries, most), createWriteStream(join(folder, FILES.log)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    keep();
  }
}

/**
 * Gets the proof of a lease from a platform, as it is: `verify-proof` checks it.
 *
 * @param url - of the ledger API, as above
 * @throws {@link LedgerError} `IO`, when it can't be had; `INVALID`, when it is none
 */
export async function downloadProof(url: string, lease: string): Promise<ProofBundle> {
  const whose = 'who holds the lease, or of a steward of its owner';
  return parseBundle(await textOf(await get(url, `../leases/${encodeURIComponent(lease)}/proof`, { whose }), PROOF));
}

/** The pieces of a log, as long as they can be those of one. */
async function* logOf({ address, pieces }: Answer, most: number): AsyncGenerator<Uint8Array, void> {
  let [length, line] = [0, 0];
  for await (const piece of pieces) {
    if (length === 0 && piece.length > 0 && piece[0] !== BRACE) {
      throw noLog(address, 'the entries of a log');
    }
    length += piece.length;
    if (length > most) {
      throw new LedgerError(
        'IO',
        `${address} sends more than ${Math.floor(most / 1024 ** 2)} MiB. If the log is that large, say so with --max-size, and see that the temporary folder (TMPDIR) has room for it.`
      );
    }
    const end = piece.lastIndexOf(NEWLINE);
    const longest = Math.max(line + (piece.indexOf(NEWLINE) + 1 || piece.length), piece.length - end - 1);
    line = end === -1 ? line + piece.length : piece.length - end - 1;
    if (longest > LONGEST_LINE + 1) {
      throw noLog(address, 'the entries of a log');
    }
    yield piece;
  }
}

function noLog(address: string, expected: string): LedgerError {
  return new LedgerError('INVALID', `${address} is no log: it did not answer ${expected}. Look whether it is right.`);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Removes a folder also when the process ends before it comes to that: a copy of a log has the names of persons.
 *
 * @returns ends this
 */
function removeAtEnd(folder: string): () => void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const end = (signal: NodeJS.Signals): void => {
    remove();
    keep();
    // As it would have ended without this.
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const keep = (): void => {
    process.off('exit', remove);
    signals.forEach(signal => process.off(signal, end));
  };
  process.on('exit', remove);
  signals.forEach(signal => process.on(signal, end));
  return keep;
}
