import { error, type Problem } from './problem.js';

/** Bytes 0x80 to 0xff that are no UTF-8 as the unpaired surrogates U+DC80 to U+DCFF, as Python's `surrogateescape`. */
const ESCAPED = 0xdc00;
const UNPAIRED = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Reads bytes as UTF-8; one that is none of it is kept as a surrogate, which {@link findNotUtf8} tells of. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** Byte by byte where a line has an error, so that the others are read as they are. */
function decodeEscaping(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = (bytes.indexOf(0x0a, start) + 1 || bytes.length + 1) - 1;
    const line = bytes.subarray(start, Math.min(end + 1, bytes.length));
    try {
      pieces.push(decoder.decode(line));
    } catch {
      pieces.push(Array.from(line, byte => String.fromCharCode(byte < 0x80 ? byte : ESCAPED + byte)).join(''));
    }
    start += line.length;
  }
  return pieces.join('');
}

/** The first character of a text that no UTF-8 can say. */
export function findNotUtf8(text: string): Problem | undefined {
  const at = text.search(UNPAIRED);
  if (at === -1) return undefined;
  const byte = text.charCodeAt(at) - ESCAPED;
  const isByte = byte >= 0x80 && byte <= 0xff;
  const what = isByte ? `the byte 0x${byte.toString(16)}` : 'a half of a surrogate pair';
  const latin = isByte && byte >= 0xa0 ? ` In Latin-1 it is ${String.fromCharCode(byte)}.` : '';
  return error('not-utf8', { start: at, end: at + 1 }, `${what} is not UTF-8`, `Save the file as UTF-8.${latin}`);
}
