import { Problem } from './problem.js';

/** A place in a sorted list as an opaque text: the values by which the last item was sorted. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads a cursor back.
 * @param like - a value of the type of each part, e.g. `[0, '']`
 * @throws Problem INVALID_BODY when this list did not make it
 */
export function decodeCursor<const T extends readonly (string | number)[]>(
  text: string,
  like: T
): { -readonly [K in keyof T]: T[K] extends number ? number : string } {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (
      Array.isArray(place) &&
      place.length === like.length &&
      place.every((part, i) => typeof part === typeof like[i])
    ) {
      return place as never;
    }
  } catch {
    // Falls through to the same answer.
  }
  throw new Problem('INVALID_BODY', 'cursor: not a cursor of this list. Begin again without one.');
}

/** Splits what was read (one more than asked for) into a page and where the next begins. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  place: (last: T) => readonly (string | number)[]
): { readonly rows: readonly T[]; readonly nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? encodeCursor(place(last)) : null };
}
