import { emptyRoot, leafHash } from '../merkle/hash.js';
import { isConsistent } from '../merkle/consistency.js';
import { rootOfProof } from '../merkle/inclusion.js';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { cosign } from '../note/cosignature.js';
import { openNote, parseNote, signatureLine, signaturesOf, type NoteVerifier } from '../note/signed-note.js';
import { MAX_SKEW, MAX_TIME } from '../rules/limits.js';
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
  /** Keeps a checkpoint of the size of the last one that the log signed too, with another root: proof against it. */
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
    const note = signedBy(log, request.note);
    const checkpoint = note === undefined ? undefined : openCheckpoint(note, log);
    if (note === undefined || checkpoint === undefined) {
      return refusal(403, 'BAD_SIGNATURE', `the checkpoint is not signed by the key of ${origin}`);
    }
    const last = memory.last(origin);
    const asked = { ...request, note };
    return (
      (await this.#growthProblem(asked, checkpoint, last)) ??
      this.#timeProblem(asked, checkpoint, last) ??
      (await this.#cosign(asked, checkpoint, Math.floor(clock())))
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
    if (last !== undefined && last.size === size && !before.root.equals(checkpoint.root)) {
      await this.#options.memory.accuse(checkpoint.origin, last, request.note);
      return refusal(409, 'FORK', `the log signed another tree of ${size} entries before`);
    }
    if (request.old !== before.size) {
      return { status: 409, type: 'text/x.tlog.size', body: `${before.size}\n` };
    }
    // No accusation: anybody can send a bad proof with an honest checkpoint.
    const why = `the proof does not show that the tree begins with the ${before.size} entries seen before`;
    return isConsistent(before, checkpoint, request.consistency) ? undefined : refusal(422, 'BAD_PROOF', why);
  }

  #timeProblem(
    { entry, inclusion }: CosignRequest,
    { size, root }: Checkpoint,
    last: Seen | undefined
  ): WitnessAnswer | undefined {
    const hashes = inclusion.map(hash => hash.toString('base64'));
    if (rootOfProof(leafHash(entry), { index: size - 1, size, hashes })?.equals(root) !== true) {
      return refusal(422, 'INVALID', 'the entry that came with the checkpoint is not the last one of its tree');
    }
    const time = timeOf(entry);
    if (time === undefined) {
      return refusal(400, 'INVALID', 'the newest entry does not say its time, in ms since 1970');
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

/** The note with the signature of the log alone: anybody can add lines of others; undefined when the log did not sign. */
function signedBy(log: NoteVerifier, note: string): string | undefined {
  const parsed = parseNote(note);
  return (parsed === undefined ? [] : signaturesOf(parsed, log, 'note'))
    .map(bytes => `${parsed?.text ?? ''}\n${signatureLine(log, 'note', bytes)}`)
    .find(candidate => openNote(candidate, log) !== undefined);
}

/** Undefined when it is none that a `Date` can tell. */
function timeOf(entry: Buffer): number | undefined {
  try {
    const { time } = JSON.parse(entry.toString()) as { readonly time: unknown };
    return typeof time === 'number' && Number.isInteger(time) && Math.abs(time) <= MAX_TIME ? time : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: WitnessAnswer['status'], code: string, why: string): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${code}: ${why}\n` };
}
