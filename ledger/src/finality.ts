import { LedgerError } from './errors.js';
import type { FinalState, WitnessState } from './ledger.js';
import type { MerkleTree } from './merkle/tree.js';
import { parseCheckpoint } from './note/checkpoint.js';
import { cosignedAt } from './note/cosignature.js';
import { parseNote } from './note/signed-note.js';
import type { Replica } from './replica.js';
import { CONSORTIUM } from './rules/consortium.js';
import type { AskWitness } from './witness/ask.js';
import { formatRequest } from './witness/request.js';

/** Where the witness of an organization is. */
export interface WitnessAddress {
  /** Id of the organization. */
  readonly organization: string;
  /** Of its HTTP service, such as `http://127.0.0.1:8471`. */
  readonly url: string;
}

/** The log as of its last commit. */
export interface LogHead {
  /** The signed checkpoint. */
  readonly note: string;
  readonly size: number;
  /** Bytes of the newest entry; absent in an empty log. */
  readonly entry?: Buffer | undefined;
}

export interface FinalityOptions {
  readonly replica: Replica;
  readonly tree: MerkleTree;
  readonly addresses: readonly WitnessAddress[];
  readonly ask: AskWitness;
  /** Checkpoints with a cosignature that were kept, by organization. */
  readonly kept: ReadonlyMap<string, string>;
  /** Keeps the last checkpoint that the witness of an organization cosigned. */
  readonly keep: (organization: string, note: string) => Promise<void>;
}

/** How long a witness may take to answer, and how long after a failure it is asked again without a new entry, ms. */
const TIMEOUT = 10_000;
const RETRY = 2000;

/** What the log knows of the witness of an organization. */
interface Follower {
  readonly address: WitnessAddress;
  /** Size of the last checkpoint that it cosigned, for us. */
  size: number;
  /** That checkpoint, with the cosignature. */
  note: string | undefined;
  /** The key that cosigned it. */
  key: string | undefined;
  /** Size that the witness says it cosigned last. */
  old: number;
  problem: string | undefined;
  asking: boolean;
  retry: NodeJS.Timeout | undefined;
}

/**
 * Has checkpoints cosigned by the witnesses of the organizations, and tells what is final: an entry is when the
 * witnesses of a majority of the organizations that have one cosigned a checkpoint with it. Of the commits while a
 * witness is being asked only the last one is shown to it.
 *
 * What was final stays so while this object lives, though members with a witness join, leave or rotate its key later.
 * One made after a restart knows only the cosignatures that were kept, by the keys of then.
 */
export class Finality {
  readonly #options: FinalityOptions;
  readonly #followers: readonly Follower[];
  readonly #waiting = new Set<{ readonly index: number; readonly end: (state: FinalState) => void }>();
  readonly #closing = new AbortController();
  readonly #asked = new Set<Promise<void>>();
  #head: LogHead;
  /** Entries that are final. */
  #final = 0;

  constructor(options: FinalityOptions, head: LogHead) {
    this.#options = options;
    this.#head = head;
    this.#followers = options.addresses.map(address => {
      const fresh = { address, size: 0, old: 0, note: undefined, key: undefined, problem: undefined };
      return { ...fresh, ...this.#keptOf(address.organization), asking: false, retry: undefined };
    });
    this.#count();
    this.#askAll();
  }

  /** Is told of each commit. */
  committed(head: LogHead): void {
    this.#head = head;
    this.#count();
    this.#askAll();
    this.#tell();
  }

  /**
   * What is known of an entry now; of one to come, that it is not final.
   *
   * @throws {@link LedgerError} `NOT_FOUND`, when no entry can have that index
   */
  state(index: number): FinalState {
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new LedgerError('NOT_FOUND', `There is no entry ${index}. Ask for an index: 0, 1, 2 and so on.`);
    }
    const keys = this.#keys();
    const witnesses = this.#counted(keys)
      .filter(({ size }) => size > index)
      .map(({ address }) => address.organization);
    return { index, final: index < this.#final, witnesses, needed: majorityOf(keys) };
  }

  /** Resolves when an entry is final, or with what is known of it after a time in ms. */
  async wait(index: number, timeout: number): Promise<FinalState> {
    const now = this.state(index);
    if (now.final || this.#closing.signal.aborted) {
      return now;
    }
    return new Promise(resolve => {
      const waiting = {
        index,
        end: (state: FinalState): void => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(state);
        }
      };
      const timer = setTimeout(() => waiting.end(this.state(index)), timeout);
      this.#waiting.add(waiting);
    });
  }

  /** The witnesses of all organizations that have one. */
  witnesses(): readonly WitnessState[] {
    return [...this.#keys()].map(([organization, key]) => {
      const follower = this.#followers.find(({ address }) => address.organization === organization);
      const size = follower?.key === key ? follower.size : 0;
      const problem = follower === undefined ? 'its address is not known here' : follower.problem;
      return { organization, size, lag: this.#head.size - size, ...(problem === undefined ? {} : { problem }) };
    });
  }

  /** The last checkpoint that each witness cosigned, with the cosignature. */
  cosigned(): readonly string[] {
    return this.#followers.flatMap(({ note }) => note ?? []);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#followers.forEach(({ retry }) => clearTimeout(retry));
    [...this.#waiting].forEach(({ index, end }) => end(this.state(index)));
    await Promise.all(this.#asked);
  }

  /** The keys of the witnesses, by organization. */
  #keys(): ReadonlyMap<string, string> {
    const { replica } = this.#options;
    const members = replica.record('consortium', CONSORTIUM)?.members ?? [];
    return new Map(
      members.flatMap(({ organization }) => {
        const witness = replica.record('organization', organization)?.witness;
        return witness === undefined ? [] : [[organization, witness] as const];
      })
    );
  }

  /** The followers whose last cosignature is by the key of now. */
  #counted(keys: ReadonlyMap<string, string>): readonly Follower[] {
    return this.#followers.filter(({ address, key }) => key !== undefined && key === keys.get(address.organization));
  }

  /** Counts the entries that are final: never less than before. */
  #count(): void {
    const keys = this.#keys();
    const needed = majorityOf(keys);
    const sizes = this.#counted(keys).map(({ size }) => size);
    const size = needed === 0 ? this.#head.size : (sizes.sort((a, b) => b - a)[needed - 1] ?? 0);
    this.#final = Math.max(this.#final, Math.min(size, this.#head.size));
  }

  /** What was kept of a witness; nothing, if that is not of this log as it is. */
  #keptOf(organization: string): Partial<Follower> {
    const { kept, tree } = this.#options;
    const note = kept.get(organization) ?? '';
    const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '');
    const key = this.#keys().get(organization);
    const good =
      checkpoint !== undefined &&
      key !== undefined &&
      checkpoint.size <= tree.size &&
      tree.root(checkpoint.size).equals(checkpoint.root) &&
      cosignedAt(note, { name: organization, publicKey: key }) !== undefined;
    return good ? { size: checkpoint.size, old: checkpoint.size, note, key } : {};
  }

  #tell(): void {
    for (const { index, end } of [...this.#waiting]) {
      const state = this.state(index);
      if (state.final) {
        end(state);
      }
    }
  }

  #askAll(): void {
    for (const follower of this.#followers) {
      if (!follower.asking && !this.#closing.signal.aborted) {
        const asked = this.#follow(follower).finally(() => this.#asked.delete(asked));
        this.#asked.add(asked);
      }
    }
  }

  /** Asks a witness until it has cosigned all there is; after a failure again with the next commit, or some time later. */
  async #follow(follower: Follower): Promise<void> {
    follower.asking = true;
    clearTimeout(follower.retry);
    try {
      while (this.#isBehind(follower)) {
        follower.problem = await this.#ask(follower);
        if (follower.problem !== undefined) {
          follower.retry = setTimeout(() => this.#askAll(), RETRY);
          follower.retry.unref();
          return;
        }
        this.#tell();
      }
    } finally {
      follower.asking = false;
    }
  }

  #isBehind({ size, address }: Follower): boolean {
    return !this.#closing.signal.aborted && size < this.#head.size && this.#keys().has(address.organization);
  }

  /** @returns why it did not cosign */
  async #ask(follower: Follower, again = true): Promise<string | undefined> {
    const { tree, ask } = this.#options;
    const { note, size, entry = Buffer.alloc(0) } = this.#head;
    const old = Math.min(follower.old, size);
    const body = formatRequest({
      old,
      consistency: tree.consistency(old, size),
      note,
      entry,
      inclusion: tree.inclusion(size - 1, size)
    });
    let reply;
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT)]);
      reply = await ask(follower.address.url, body, signal);
    } catch (error) {
      return `it can not be reached at ${follower.address.url} (${reasonOf(error)})`;
    }
    if (reply.status === 200) {
      return this.#take(follower, note, size, reply.body);
    }
    const seen = /^(\d{1,15})\n$/.exec(reply.body)?.[1];
    if (reply.status !== 409 || seen === undefined) {
      return `it refused: ${reply.body
        .trim()
        .replace(/\p{Cc}/gu, ' ')
        .slice(0, 300)}`;
    }
    if (Number(seen) > size) {
      return `it has cosigned ${seen} entries, the log has ${size}: the log was put back to an older state, or another process writes it too`;
    }
    follower.old = Number(seen);
    return again ? this.#ask(follower, false) : 'others have it cosign this log at the same time';
  }

  async #take(follower: Follower, note: string, size: number, lines: string): Promise<string | undefined> {
    const { organization } = follower.address;
    const key = this.#keys().get(organization);
    const cosigned = `${note}${lines}`;
    if (key === undefined || cosignedAt(cosigned, { name: organization, publicKey: key }) === undefined) {
      return 'its cosignature is not by the key that its organization joined with';
    }
    Object.assign(follower, { size, old: size, note: cosigned, key });
    this.#count();
    try {
      await this.#options.keep(organization, cosigned);
      return undefined;
    } catch (error) {
      return `it cosigned, but that could not be kept (${reasonOf(error)})`;
    }
  }
}

/** How many of the witnesses make an entry final. */
function majorityOf({ size }: ReadonlyMap<string, string>): number {
  return size === 0 ? 0 : Math.floor(size / 2) + 1;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}
