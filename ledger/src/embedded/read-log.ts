import { join } from 'node:path';
import { envelopeBytes } from '../entry.js';
import type { Entry } from '../ledger.js';
import { badSignature, Draft, Replica } from '../replica.js';
import type { SignatureCheck } from '../signatures/batch.js';
import { SignatureChecker } from '../signatures/checker.js';
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
  const signatures = new SignatureChecker();
  try {
    const reader = new LogReader(options, signatures);
    for (const segment of await segmentsOf(folder)) {
      await reader.read(folder, segment);
    }
    return await reader.result();
  } finally {
    await signatures.close();
  }
}

/** A signature of an entry, and the problem if it is bad. */
interface EntrySignature extends SignatureCheck {
  readonly problem: () => LogProblem;
}

/** Signatures that are checked together. */
const BATCH = 2000;
/** Batches that are still being checked while the next is gathered: bounds the memory they take. */
const MAX_PENDING = 4;

class LogReader {
  readonly #options: ReadOptions;
  readonly #replica: Replica;
  readonly #places = new Places();
  readonly #segments: ReadSegment[] = [];
  readonly #begin: number;
  readonly #signatures: SignatureChecker;
  /** Of the entries read last. */
  #gathered: EntrySignature[] = [];
  /** Of each batch before them, in order: the first bad signature. */
  readonly #pending: Promise<EntrySignature | undefined>[] = [];
  #size = 0;
  #problem: LogProblem | undefined;

  constructor(options: ReadOptions, signatures: SignatureChecker) {
    this.#options = options;
    this.#signatures = signatures;
    this.#replica = options.begin ?? new Replica(false);
    this.#begin = this.#replica.size;
  }

  async result(): Promise<LogRead> {
    this.#checkGathered();
    await this.#awaitSignatures(0);
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
          const { signed } = stored;
          this.#gathered.push({
            bytes: envelopeBytes(leaf.bytes),
            signature: signed.signature,
            publicKey: key,
            problem: () => ({
              ...at,
              reason: `the rules refuse it: ${badSignature(signed).message}`,
              damaged: false
            })
          });
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
    this.#problem = problem;
    if (this.#gathered.length >= BATCH) {
      this.#checkGathered();
      await this.#awaitSignatures(MAX_PENDING);
    }
    this.#replica.commit(draft);
    await this.#options.onEntries?.(draft.entries);
    return length;
  }

  #checkGathered(): void {
    this.#pending.push(this.#signatures.firstBad(this.#gathered));
    this.#gathered = [];
  }

  /** Waits until the signatures of so many batches at most are unknown. */
  async #awaitSignatures(most: number): Promise<void> {
    while (this.#pending.length > most) {
      const bad = await this.#pending.shift();
      if (bad !== undefined) {
        // It comes before any other problem: what is not read after that one is not pending.
        this.#problem = bad.problem();
        this.#pending.length = 0;
      }
    }
  }
}
