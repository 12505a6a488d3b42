import { join } from 'node:path';
import { LedgerError } from '../errors.js';
import type { Entry } from '../ledger.js';
import { Peaks } from '../merkle/peaks.js';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import type { NoteVerifier } from '../note/signed-note.js';
import { FILES, isThere, readIfThere } from './files.js';
import { readVerifier } from './identity.js';
import type { Leaf } from './line.js';
import { readLog, type LogRead, type ReadSegment } from './read-log.js';

export type Verification = VerifiedLog | BrokenLog;

export interface VerifiedLog {
  readonly ok: true;
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** Root of the Merkle tree over them, base64. */
  readonly root: string;
  /** Number of entries that the signed checkpoint covers; the others were never answered. */
  readonly covered: number;
  /** SHA-256 of the canonical JSON of the state that the log folds to, hex. */
  readonly state: string;
  /** Bytes of an unfinished write at the end, which the next opening drops. */
  readonly unfinished: number;
}

export interface BrokenLog {
  readonly ok: false;
  /** The file, relative to the folder. */
  readonly file: string;
  /** Index of the entry, where it is one. */
  readonly entry?: number;
  /** Where it starts in the file, bytes. */
  readonly offset?: number;
  readonly problem: string;
}

/** What to verify a log against. */
export interface VerifyOptions {
  /** Whose signature the checkpoint must have; absent: the key in the folder. */
  readonly key?: NoteVerifier | undefined;
  /** A checkpoint of this log that somebody kept: the log must still begin with what it covers. */
  readonly from?: string | undefined;
  /** Called now and then with the number of entries that were read. */
  readonly onProgress?: ((entries: number) => void) | undefined;
  /** Called with the entries as they are read, whatever comes of the verification. */
  readonly onEntries?: ((entries: readonly Entry[]) => Promise<void>) | undefined;
  /** Called with what was read; not, where that was not begun for want of what it is verified against. */
  readonly onRead?: ((log: LogRead) => void) | undefined;
}

/**
 * Computes a log again from its raw bytes: every leaf hash, the root against the signed checkpoint, the signature of
 * every command, and every decision. The log may be in use. The caches of the log are not looked at.
 *
 * @throws {@link LedgerError} `NOT_FOUND`, when there is no log in the folder
 */
export async function verifyLog(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  const path = join(folder, FILES.log);
  // Before the log: a writer keeps the entries first, so those that this checkpoint covers are there by now.
  const note = await readIfThere(join(folder, FILES.checkpoint));
  if (!(await isThere(path))) {
    if (note === undefined) {
      throw new LedgerError('NOT_FOUND', `There is no log in ${folder}. Name the folder that has ${FILES.log}.`);
    }
    return { ok: false, file: FILES.log, problem: 'it is missing' };
  }
  const verifier = options.key ?? (await readVerifier(folder).catch(wordsOfDamage));
  if (typeof verifier === 'string') {
    return { ok: false, file: FILES.publicKey, problem: verifier };
  }
  const checkpoint = note === undefined ? undefined : openCheckpoint(note, verifier);
  if (checkpoint === undefined) {
    const problem = note === undefined ? 'it is missing' : `it is not signed by the key of ${verifier.name}`;
    return { ok: false, file: FILES.checkpoint, problem };
  }
  const from = options.from === undefined ? undefined : openCheckpoint(options.from, verifier);
  if (options.from !== undefined && from === undefined) {
    return {
      ok: false,
      file: FILES.checkpoint,
      problem: `the checkpoint you kept is not signed by the key of ${verifier.name}`
    };
  }
  return recompute(folder, checkpoint, from, options);
}

/** What can't be read at all was not checked. */
function wordsOfDamage(error: unknown): string {
  if (error instanceof LedgerError) {
    return error.message;
  }
  throw error;
}

async function recompute(
  folder: string,
  checkpoint: Checkpoint,
  from: Checkpoint | undefined,
  { onProgress, onEntries, onRead }: VerifyOptions
): Promise<Verification> {
  const peaks = new Peaks();
  // The roots at the sizes that somebody signed for.
  const roots = new Map([[0, peaks.root()]]);
  const onLeaf = ({ bytes }: Leaf): void => {
    peaks.append(bytes);
    if (peaks.size === checkpoint.size || peaks.size === from?.size) {
      roots.set(peaks.size, peaks.root());
    }
  };
  const log = await readLog(folder, {
    trusted: 0,
    onLeaf,
    onProgress,
    ...(onEntries !== undefined && { onEntries })
  });
  onRead?.(log);
  const { replica, problem, segments } = log;
  const last = segments.at(-1);
  if (problem !== undefined && (problem.index < checkpoint.size || !problem.damaged || problem.file !== last?.file)) {
    const { file, index, offset, reason } = problem;
    return { ok: false, file, entry: index, offset, problem: reason };
  }
  for (const [whose, signed] of [
    ['the checkpoint', checkpoint],
    ['the checkpoint you kept', from]
  ] as const) {
    const broken = signed === undefined ? undefined : mismatch(whose, signed, roots, peaks.size, last);
    if (broken !== undefined) {
      return broken;
    }
  }
  return {
    ok: true,
    origin: checkpoint.origin,
    size: peaks.size,
    root: peaks.root().toString('base64'),
    covered: checkpoint.size,
    state: replica.digest(),
    unfinished: (last?.fileLength ?? 0) - (last?.length ?? 0)
  };
}

/** Why the log is not what a checkpoint says. */
function mismatch(
  whose: string,
  { size, root }: Checkpoint,
  roots: ReadonlyMap<number, Buffer>,
  have: number,
  last: ReadSegment | undefined
): BrokenLog | undefined {
  if (have < size) {
    const [file, offset] = [last?.file ?? FILES.log, last?.length ?? 0];
    return { ok: false, file, entry: have, offset, problem: `${whose} covers ${size} entries, the log has ${have}` };
  }
  return roots.get(size)?.equals(root) === true
    ? undefined
    : { ok: false, file: FILES.log, problem: `the first ${size} entries do not give the root of ${whose}` };
}
