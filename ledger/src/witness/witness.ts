import { emptyRoot, leafHash } from '../merkle/hash.js';
import { isConsistent } from '../merkle/consistency.js';
import { rootOfProof } from '../merkle/inclusion.js';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { cosign } from '../note/cosignature.js';
import { parseNote, type NoteVerifier } from '../note/signed-note.js';
import { MAX_SKEW } from '../rules/limits.js';
import { duration, time as timeText } from '../rules/wording.js';
import { parseRequest, type CosignRequest } from './request.js';

/** What a witness cosigned last, of one log. */
export interface Seen {
  /** The checkpoint, with the cosignature. */
  readonly note: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Of its newest entry, ms. */
  readonly time: number;
}

/** Where a witness remembers what it cosigned. */
export interface WitnessMemory {
  /** Of the log with this origin. */
  last(origin: string): Seen | undefined;
  /** Resolves only when it can't be forgotten any more. */
  keep(origin: string, seen: Seen): Promise<void>;
  /** Keeps a checkpoint that the log signed and that contradicts what it signed before: proof against it. */
  accuse(origin: string, seen: Seen, note: string): Promise<void>;
}

export interface WitnessOptions {
  /** Id of the organization whose witness this is: the name of its key. */
  readonly name: string;
  /** PKCS#8 DER in base64. */
  readonly privateKey: string;
  /** The logs that it cosigns, by their keys. */
  readonly logs: readonly NoteVerifier[];
  readonly memory: WitnessMemory;
  /** ms since 1970. */
  readonly clock: () => number;
}

const NOTHING = { size: 0, root: emptyRoot() };

/** An answer over HTTP. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

/**
 * Sees to it that a log only grows: it cosigns a checkpoint only when that provably continues the last one it cosigned,
 * and when the log's newest entry has the time of the witness's own clock, give or take 30 s.
 * The HTTP side is https://c2sp.org/tlog-witness.
 */
export class Witness {
  readonly #options: WitnessOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Answers `add-checkpoint`: one after another, so that none is compared with a checkpoint that is no longer the last. */
  addCheckpoint(body: string): Promise<WitnessAnswer> {
    const answer = this.#turn.then(() => this.#answer(body));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #answer(body: string): Promise<WitnessAnswer> {
    const { logs, memory, clock } = this.#options;
    const request = parseRequest(body);
    const origin = request === undefined ? undefined : parseNote(request.note)?.text.split('\n')[0];
    if (request === undefined || origin === undefined) {
      return refusal(400, 'INVALID', 'this is no checkpoint with a proof of consistency and the newest entry');
    }
    const log = logs.find(({ name }) => name === origin);
    if (log === undefined) {
      return refusal(
        404,
        'UNKNOWN_LOG',
        'this witness does not know the log; start it with --log and the key of the log'
      );
    }
    const checkpoint = openCheckpoint(request.note, log);
    if (checkpoint === undefined) {
      return refusal(403, 'BAD_SIGNATURE', `the checkpoint is not signed by the key of ${origin}`);
    }
    const last = memory.last(origin);
    return (
      (await this.#growthProblem(request, checkpoint, last)) ??
      this.#timeProblem(request, checkpoint, last) ??
      (await this.#cosign(request, checkpoint, Math.floor(clock())))
    );
  }

  async #growthProblem(
    request: CosignRequest,
    checkpoint: Checkpoint,
    last: Seen | undefined
  ): Promise<WitnessAnswer | undefined> {
    const { size } = checkpoint;
    if (request.old > size || size === 0) {
      return refusal(400, 'INVALID', 'the tree must have an entry, and not be smaller than the old one');
    }
    const before = last === undefined ? NOTHING : { size: last.size, root: Buffer.from(last.root, 'base64') };
    if (before.size === size && !before.root.equals(checkpoint.root)) {
      return this.#fork(409, request, checkpoint, last, `the log signed another tree of ${size} entries before`);
    }
    if (request.old !== before.size) {
      return { status: 409, type: 'text/x.tlog.size', body: `${before.size}\n` };
    }
    const why = `the proof does not show that the tree begins with the ${before.size} entries seen before`;
    return isConsistent(before, checkpoint, request.consistency)
      ? undefined
      : this.#fork(422, request, checkpoint, last, why);
  }

  async #fork(
    status: 409 | 422,
    { note }: CosignRequest,
    { origin }: Checkpoint,
    last: Seen | undefined,
    why: string
  ): Promise<WitnessAnswer> {
    if (last !== undefined) {
      await this.#options.memory.accuse(origin, last, note);
    }
    return refusal(status, 'FORK', why);
  }

  #timeProblem(
    { entry, inclusion }: CosignRequest,
    { size, root }: Checkpoint,
    last: Seen | undefined
  ): WitnessAnswer | undefined {
    const hashes = inclusion.map(hash => hash.toString('base64'));
    const time = timeOf(entry);
    if (time === undefined || rootOfProof(leafHash(entry), { index: size - 1, size, hashes })?.equals(root) !== true) {
      return refusal(422, 'INVALID', 'the entry that came with the checkpoint is not the last one of its tree');
    }
    if (last !== undefined && time < last.time) {
      return refusal(422, 'CLOCK_BACK', `the log's clock went back, from ${timeText(last.time)} to ${timeText(time)}`);
    }
    const now = Math.floor(this.#options.clock());
    const skew = Math.abs(now - time);
    return skew <= MAX_SKEW
      ? undefined
      : refusal(
          422,
          'CLOCK_SKEW',
          `the newest entry says ${timeText(time)}, the witness's clock ${timeText(now)}: ${duration(skew)} apart, at ` +
            `most ${duration(MAX_SKEW)} are allowed; the next entry may be cosigned`
        );
  }

  async #cosign(
    { note, entry }: CosignRequest,
    { origin, size, root }: Checkpoint,
    now: number
  ): Promise<WitnessAnswer> {
    const { name, privateKey, memory } = this.#options;
    const line = cosign(parseNote(note)?.text ?? '', name, privateKey, Math.floor(now / 1000));
    const time = timeOf(entry) ?? 0;
    await memory.keep(origin, { note: `${note}${line}`, size, root: root.toString('base64'), time });
    return { status: 200, type: 'text/plain; charset=utf-8', body: line };
  }
}

function timeOf(entry: Buffer): number | undefined {
  try {
    const { time } = JSON.parse(entry.toString()) as { readonly time: unknown };
    return Number.isSafeInteger(time) ? (time as number) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: WitnessAnswer['status'], code: string, why: string): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${code}: ${why}\n` };
}
