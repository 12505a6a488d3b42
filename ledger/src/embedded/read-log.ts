import { join } from 'node:path';
import { envelopeBytes } from '../entry.js';
import { verifyWithLater } from '../keys.js';
import type { Entry } from '../ledger.js';
import { badSignature, Draft, Replica, type StoredEntry } from '../replica.js';
import { parseEntry, readLeaf, type Leaf } from './line.js';
import { linesOf, type Line } from './lines.js';
import { Places } from './places.js';
import { segmentsOf, type Segment } from './segments.js';

/** A log as far as it could be read. */
export interface LogRead {
  readonly replica: Replica;
  /** Number of entries that were read. */
  readonly size: number;
  readonly segments: readonly ReadSegment[];
  /** Where entries begin, counted over all segments. */
  readonly places: Places;
  /** Why the reading stopped before the end. */
  readonly problem?: LogProblem;
}

export interface ReadSegment extends Segment {
  /** Bytes of the segments before it. */
  readonly base: number;
  /** Bytes of the entries that were read. */
  readonly length: number;
  /** Bytes of the file. */
  readonly fileLength: number;
}

export interface LogProblem {
  /** Name of the segment. */
  readonly file: string;
  /** Index of the entry. */
  readonly index: number;
  /** Where its line starts in the file, bytes. */
  readonly offset: number;
  readonly reason: string;
  /** Whether its bytes are damaged; else they are as written but the rules do not accept the entry. */
  readonly damaged: boolean;
}

export interface ReadOptions {
  /** The state to begin with: the entries before it are hashed, and not decided again. */
  readonly begin?: Replica | undefined;
  /** Number of entries whose signatures are known to be good. */
  readonly trusted: number;
  /** Called with the entries that were decided, in order. */
  readonly onEntries?: (entries: readonly Entry[]) => Promise<void>;
  /** Called with the bytes of each entry and their hash, in order. */
  readonly onLeaf?: (leaf: Leaf) => void;
  /** Called with the number of entries that were read. */
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** Reads a log from its bytes: hashes every entry and decides it again. */
export async function readLog(folder: string, options: ReadOptions): Promise<LogRead> {
  const reader = new LogReader(options);
  for (const segment of await segmentsOf(folder)) {
    await reader.read(folder, segment);
  }
  return reader.result();
}

class LogReader {
  readonly #options: ReadOptions;
  readonly #replica: Replica;
  readonly #places = new Places();
  readonly #segments: ReadSegment[] = [];
  readonly #begin: number;
  #size = 0;
  #problem: LogProblem | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#replica = options.begin ?? new Replica(false);
    this.#begin = this.#replica.size;
  }

  result(): LogRead {
    const [replica, size, segments, places] = [this.#replica, this.#size, this.#segments, this.#places];
    return { replica, size, segments, places, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  async read(folder: string, segment: Segment): Promise<void> {
    const before = this.#segments.at(-1);
    const base = before === undefined ? 0 : before.base + before.length;
    let [length, fileLength] = [0, 0];
    if (segment.first !== this.#size) {
      const reason = `it begins with entry ${segment.first}, its place is that of entry ${this.#size}`;
      this.#problem ??= { file: segment.file, index: this.#size, offset: 0, reason, damaged: true };
    }
    for await (const lines of linesOf(join(folder, segment.file))) {
      const last = lines.at(-1);
      fileLength = last === undefined ? fileLength : last.offset + last.bytes.length + (last.whole ? 1 : 0);
      if (this.#problem === undefined) {
        length = await this.#readLines(segment.file, base, lines, length);
        this.#options.onProgress?.(this.#size);
      }
    }
    this.#segments.push({ ...segment, base, length, fileLength });
  }

  /** @returns bytes of the entries that were read so far */
  async #readLines(file: string, base: number, lines: readonly Line[], before: number): Promise<number> {
    const draft = new Draft(this.#replica);
    const signatures: Promise<LogProblem | undefined>[] = [];
    let length = before;
    let problem: LogProblem | undefined;
    for (const line of lines) {
      const index = this.#size;
      const at = { file, index, offset: line.offset };
      const leaf = line.whole ? readLeaf(line.bytes) : undefined;
      if (leaf === undefined) {
        const reason = line.whole ? 'its bytes are not those that were written' : 'it is not whole';
        problem = { ...at, reason, damaged: true };
        break;
      }
      if (index >= this.#begin) {
        const stored = parseEntry(leaf.bytes);
        if (typeof stored === 'string') {
          problem = { ...at, reason: stored, damaged: true };
          break;
        }
        const later = (key: string): boolean => {
          signatures.push(signatureProblem(key, leaf, stored, at));
          return true;
        };
        const reason = draft.replay(stored, index < this.#options.trusted ? 'trusted' : later);
        if (reason !== undefined) {
          problem = { ...at, reason, damaged: false };
          break;
        }
      }
      this.#options.onLeaf?.(leaf);
      this.#size += 1;
      this.#places.add(index, base + line.offset);
      length = line.offset + line.bytes.length + 1;
    }
    // Of the signatures in the order of their entries: the first that is bad comes before any other problem here.
    this.#problem = (await Promise.all(signatures)).find(one => one !== undefined) ?? problem;
    this.#replica.commit(draft);
    await this.#options.onEntries?.(draft.entries);
    return length;
  }
}

/** Starts checking a signature on another thread. */
async function signatureProblem(
  signer: string,
  leaf: Leaf,
  { signed }: StoredEntry,
  at: Pick<LogProblem, 'file' | 'index' | 'offset'>
): Promise<LogProblem | undefined> {
  return (await verifyWithLater(envelopeBytes(leaf.bytes), signed.signature, signer))
    ? undefined
    : { ...at, reason: `the rules refuse it: ${badSignature(signed).message}`, damaged: false };
}
