import canonicalizeModule from 'canonicalize';

// The package is one CommonJS function, but its types describe a default export inside it.
const serialize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/**
 * The canonical JSON (RFC 8785) of a JSON value.
 *
 * @throws TypeError, when the value is no JSON or is nested too deeply to be walked
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = serialize(value);
  } catch (cause) {
    throw new TypeError('not a JSON value', { cause });
  }
  if (text === undefined) {
    throw new TypeError('not a JSON value');
  }
  return text;
}
