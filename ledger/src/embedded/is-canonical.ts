import { isUtf8 } from 'node:buffer';
import { canonicalJson } from '../canonical.js';

/**
 * Whether bytes are the canonical JSON (RFC 8785) of a value: exactly what {@link canonicalJson} gives. Quicker than
 * to ask it when they are.
 *
 * @param text - the bytes as text
 * @param value - what `JSON.parse` gave for that text
 */
export function isCanonical(bytes: Uint8Array, text: string, value: unknown): boolean {
  // Text that was read from other bytes than those of UTF-8 has replacement characters in their place.
  if (!isUtf8(bytes)) {
    return false;
  }
  try {
    // Of a value that was parsed both write the same but for the order of names. Names that are numbers JSON.stringify
    // puts in an order of its own: what differs for that reason is left to the library.
    return (inOrder(value) && JSON.stringify(value) === text) || canonicalJson(value) === text;
  } catch {
    // Nested too deeply to be walked.
    return false;
  }
}

/** Whether the names of every object come in the order of their UTF-16 code units. */
function inOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.every(inOrder);
  }
  let before: string | undefined;
  for (const name of Object.keys(value)) {
    if ((before !== undefined && before >= name) || !inOrder((value as Readonly<Record<string, unknown>>)[name])) {
      return false;
    }
    before = name;
  }
  return true;
}
