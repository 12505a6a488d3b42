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
  const text = line.toString();
  const body = text.slice(9);
  const prefix = `${index} `;
  return text.slice(0, 8) === checkSum(body) && body.startsWith(prefix)
    ? (JSON.parse(body.slice(prefix.length)) as readonly LedgerEvent[])
    : undefined;
}

function checkSum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
