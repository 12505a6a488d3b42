import { parseCheckpoint } from '../note/checkpoint.js';
import { cosignedAt } from '../note/cosignature.js';
import { parseNote, type NoteVerifier } from '../note/signed-note.js';
import { MAX_SKEW } from '../rules/limits.js';
import type { Seen } from './witness.js';

/** A cosignature tells its time in whole seconds. */
const SECOND = 1000;

/**
 * Reads what a witness kept of a log; undefined when that is not what it kept: the note must have its own cosignature,
 * and the size and root must be those of the note. The time is not in the note, so a change of it by less than the
 * witness's clock could differ is not found: with one the witness refuses for some seconds, at worst.
 */
export function parseSeen(text: string, origin: string, own: NoteVerifier): Seen | undefined {
  const { note, size, root, time } = fieldsOf(text);
  if (typeof note !== 'string' || typeof time !== 'number' || !Number.isSafeInteger(time)) {
    return undefined;
  }
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '');
  const cosigned = cosignedAt(note, own);
  const good =
    checkpoint?.origin === origin &&
    checkpoint.size === size &&
    checkpoint.root.toString('base64') === root &&
    cosigned !== undefined &&
    Math.abs(cosigned * SECOND - time) <= MAX_SKEW + SECOND;
  return good ? { note, size: checkpoint.size, root: checkpoint.root.toString('base64'), time } : undefined;
}

function fieldsOf(text: string): { readonly [K in keyof Seen]?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}
