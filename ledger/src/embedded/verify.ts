import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LedgerError } from '../errors.js';
import { openCheckpoint } from '../note/checkpoint.js';
import type { NoteVerifier } from '../note/signed-note.js';
import { FILES, isThere, readIfThere } from './files.js';
import { readVerifier } from './identity.js';
import { readLog } from './read-log.js';

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

/**
 * Computes a log again from its raw bytes: every leaf hash, the root against the signed checkpoint, the signature of
 * every command, and every decision. The log may be in use.
 *
 * @param key - whose signature the checkpoint must have; absent: the key in the folder
 * @throws {@link LedgerError} `NOT_FOUND`, when there is no log in the folder
 */
export async function verifyLog(folder: string, key?: NoteVerifier): Promise<Verification> {
  const path = join(folder, FILES.log);
  // Before the log: a writer keeps the entries first, so those that this checkpoint covers are there by now.
  const note = await readIfThere(join(folder, FILES.checkpoint));
  if (!(await isThere(path))) {
    if (note === undefined) {
      throw new LedgerError('NOT_FOUND', `There is no log in ${folder}. Name the folder that has ${FILES.log}.`);
    }
    return { ok: false, file: FILES.log, problem: 'it is missing' };
  }
  let verifier: NoteVerifier;
  try {
    verifier = key ?? (await readVerifier(folder));
  } catch (error) {
    return { ok: false, file: FILES.publicKey, problem: (error as Error).message };
  }
  const checkpoint = note === undefined ? undefined : openCheckpoint(note, verifier);
  if (checkpoint === undefined) {
    const problem = note === undefined ? 'it is missing' : `it is not signed by the key of ${verifier.name}`;
    return { ok: false, file: FILES.checkpoint, problem };
  }
  const { tree, replica, problem, length, fileLength } = await readLog(path, 0);
  if (problem !== undefined && (problem.index < checkpoint.size || !problem.damaged)) {
    return { ok: false, file: FILES.log, entry: problem.index, offset: problem.offset, problem: problem.reason };
  }
  if (tree.size < checkpoint.size) {
    const missing = `the checkpoint covers ${checkpoint.size} entries, the log has ${tree.size}`;
    return { ok: false, file: FILES.log, entry: tree.size, offset: length, problem: missing };
  }
  if (!tree.root(checkpoint.size).equals(checkpoint.root)) {
    return { ok: false, file: FILES.log, problem: `the first ${checkpoint.size} entries do not give the signed root` };
  }
  return {
    ok: true,
    origin: checkpoint.origin,
    size: tree.size,
    root: tree.root().toString('base64'),
    covered: checkpoint.size,
    state: createHash('sha256').update(replica.snapshot()).digest('hex'),
    unfinished: fileLength - length
  };
}
