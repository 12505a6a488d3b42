import { readdir } from 'node:fs/promises';
import { FILES } from './files.js';

/** Bytes after which the log goes on in a new file: a copy of the log needs to copy the last file alone. */
export const SEGMENT_SIZE = 64 * 1024 * 1024;

/** A file of the log. */
export interface Segment {
  /** Name in the folder. */
  readonly file: string;
  /** Index of its first entry. */
  readonly first: number;
}

const PATTERN = /^log\.(\d{12})\.jsonl$/;

/** Name of the segment that begins with an entry. */
export function segmentFile(first: number): string {
  return first === 0 ? FILES.log : `log.${String(first).padStart(12, '0')}.jsonl`;
}

/** The segments of a log, in order; the first one is there in any log. */
export async function segmentsOf(folder: string): Promise<readonly Segment[]> {
  const later = (await readdir(folder)).flatMap(file => {
    const first = Number(PATTERN.exec(file)?.[1] ?? 0);
    return first > 0 ? [{ file, first }] : [];
  });
  return [{ file: FILES.log, first: 0 }, ...later.sort((a, b) => a.first - b.first)];
}
