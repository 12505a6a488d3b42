import { HASH_SIZE } from '../merkle/hash.js';
import { openNote, signNote, type NoteVerifier } from './signed-note.js';

/** What a log says of itself: https://c2sp.org/tlog-checkpoint. */
export interface Checkpoint {
  /** Name of the log; also the name of its key. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** Root of the Merkle tree over them. */
  readonly root: Buffer;
}

export function signCheckpoint(checkpoint: Checkpoint, privateKey: string): string {
  const { origin, size, root } = checkpoint;
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, origin, privateKey);
}

/** Reads a checkpoint that the log's key signed; undefined when it did not, or this is no checkpoint. */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint | undefined {
  const text = openNote(note, verifier);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  return checkpoint?.origin === verifier.name ? checkpoint : undefined;
}

/** Reads the text of a checkpoint, whoever signed it; undefined when it is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, sizeText, rootText, ...rest] = text.split('\n');
  if (origin === undefined || sizeText === undefined || rootText === undefined || rest.join() !== '') {
    return undefined;
  }
  const size = Number(sizeText);
  const root = Buffer.from(rootText, 'base64');
  const exact = Number.isSafeInteger(size) && String(size) === sizeText && root.toString('base64') === rootText;
  return exact && size >= 0 && root.length === HASH_SIZE ? { origin, size, root } : undefined;
}
