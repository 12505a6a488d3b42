import { crc32 } from 'node:zlib';
import type { LedgerEvent } from '../ledger.js';

// What an entry changed follows from it and all those before it; kept so that an entry can be read without them. The
// check sum finds damage: what it covers is made again, never trusted.

/** The events of an entry as a line of their file, with its newline. */
export function formatEvents(index: number, events: readonly LedgerEvent[]): string {
  const text = `${index} ${JSON.stringify(events)}`;
  return `${checkSum(text)} ${text}\n`;
}

/** Reads a line without its newline; undefined when it is damaged or that of another entry. */
export function parseEvents(line: Buffer, index: number): readonly LedgerEvent[] | undefined {
  // The sum of the bytes as they are: other bytes may become the same text.
  const body = line.subarray(SUM);
  const prefix = `${index} `;
  return line.toString('latin1', 0, SUM) === `${checkSum(body)} ` &&
    body.toString('latin1', 0, prefix.length) === prefix
    ? (JSON.parse(body.toString('utf8', prefix.length)) as readonly LedgerEvent[])
    : undefined;
}

/** Characters of the check sum and the space after it. */
const SUM = 9;

function checkSum(text: string | Buffer): string {
  return crc32(text).toString(16).padStart(8, '0');
}
