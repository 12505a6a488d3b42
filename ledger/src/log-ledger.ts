import type { SignedCommand } from './commands.js';
import { envelopeBytes, leafBytes, ownCommand, type OwnCommand } from './entry.js';
import { LedgerError } from './errors.js';
import type { Finality } from './finality.js';
import { isSignedBy, publicKeyOf, verifyWithLater } from './keys.js';
import type {
  Entry,
  FinalState,
  InclusionProof,
  Ledger,
  LedgerState,
  Receipt,
  Refusal,
  WitnessState
} from './ledger.js';
import { leafHash } from './merkle/hash.js';
import type { MerkleTree } from './merkle/tree.js';
import { signCheckpoint } from './note/checkpoint.js';
import { assembleProof, storyFilter } from './proof/assemble.js';
import type { ProofBundle } from './proof/bundle.js';
import { Draft, type Replica } from './replica.js';
import { CONSORTIUM } from './rules/consortium.js';
import { isRefusal } from './rules/decision.js';
import { LAST_TIME } from './rules/limits.js';
import type { RecordKind, Records } from './rules/reads.js';
import type { DatasetRecord, LeaseRecord, OrganizationRecord, RunRecord } from './state.js';

/** Where a log is kept. */
export interface LogStorage {
  /**
   * Keeps entries after those before, and then a signed checkpoint that covers them in place of the last one; resolves
   * when neither can be lost any more.
   */
  keep(entries: readonly KeptEntry[], checkpoint: string): Promise<void>;
  /** Entries that were kept, from one on to before another. */
  entries(from: number, end: number): AsyncIterable<Entry>;
  close(): Promise<void>;
}

/** An entry, with the bytes that were hashed and their hash. */
export interface KeptEntry {
  readonly entry: Entry;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

export interface LogLedgerOptions {
  readonly storage: LogStorage;
  readonly replica: Replica;
  /** Over the entries of the replica. */
  readonly tree: MerkleTree;
  /** The checkpoint of that tree. */
  readonly checkpoint: string;
  readonly origin: string;
  /** Key of the log, PKCS#8 DER in base64. */
  readonly privateKey: string;
  /** ms since 1970. */
  readonly clock: () => number;
  /** Has the checkpoints cosigned. */
  readonly finality: Finality;
}

/** Most commands that are kept by one write: bounds how long the first of them waits for the last. */
const MAX_BATCH = 256;

interface Waiting extends OwnCommand {
  /** The key that its signature was found to be good for, on another thread and before its turn. */
  readonly signer: Promise<string | undefined>;
  readonly resolve: (answer: Receipt | Refusal) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The log with one writer. Commands that arrive while a write is under way are decided and kept together by the next
 * one (group commit); each is answered only when its entry and a checkpoint that covers it are kept.
 */
export class LogLedger implements Ledger {
  readonly #options: LogLedgerOptions;
  readonly #replica: Replica;
  readonly #tree: MerkleTree;
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #queue: Waiting[] = [];
  #checkpoint: { readonly note: string; readonly size: number };
  #running: Promise<void> | undefined;
  #stopped: LedgerError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LogLedgerOptions) {
    this.#options = options;
    this.#replica = options.replica;
    this.#tree = options.tree;
    this.#checkpoint = { note: options.checkpoint, size: options.tree.size };
  }

  submit(command: SignedCommand): Promise<Receipt | Refusal> {
    if (this.#stopped !== undefined) {
      return Promise.reject(this.#stopped);
    }
    const own = ownCommand(command);
    if (isRefusal(own)) {
      return Promise.resolve(own);
    }
    const signer = this.#checkSignature(own);
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...own, signer, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  organization(id: string): Promise<OrganizationRecord | undefined> {
    return this.record('organization', id);
  }

  dataset(id: string): Promise<DatasetRecord | undefined> {
    return this.record('dataset', id);
  }

  lease(id: string): Promise<LeaseRecord | undefined> {
    return this.record('lease', id);
  }

  run(id: string): Promise<RunRecord | undefined> {
    return this.record('run', id);
  }

  record<K extends RecordKind>(kind: K, id: string): Promise<Records[K] | undefined> {
    return Promise.resolve(this.#replica.record(kind, id));
  }

  entries(from = 0): AsyncIterable<Entry> {
    const end = this.#replica.size;
    return this.#options.storage.entries(Math.min(Math.max(0, Math.floor(from)), end), end);
  }

  checkpoint(): Promise<string> {
    return Promise.resolve(this.#checkpoint.note);
  }

  proof(index: number): Promise<InclusionProof> {
    const { size } = this.#checkpoint;
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      return Promise.reject(
        new LedgerError('NOT_FOUND', `There is no entry ${index}: the log has ${size}. Ask for an index below that.`)
      );
    }
    const hashes = this.#tree.inclusion(index, size).map(hash => hash.toString('base64'));
    return Promise.resolve({ index, size, hashes });
  }

  async prove(lease: string): Promise<ProofBundle | undefined> {
    const { finality, origin, privateKey } = this.#options;
    const record = this.#replica.record('lease', lease);
    if (record === undefined) {
      return undefined;
    }
    const belongs = storyFilter(record, this.#replica.record('consortium', CONSORTIUM));
    // Together, before anything is waited for: the checkpoint covers the entries.
    const [notes, all] = [[...finality.cosigned(), this.#checkpoint.note], this.entries()];
    const story: Entry[] = [];
    for await (const entry of all) {
      if (belongs(entry)) {
        story.push(entry);
      }
    }
    const verifier = { name: origin, publicKey: publicKeyOf(privateKey) };
    return assembleProof(lease, story, { verifier, notes, tree: this.#tree });
  }

  async finality(index: number): Promise<FinalState> {
    return Promise.resolve(this.#options.finality.state(index));
  }

  final(index: number, timeout: number): Promise<FinalState> {
    return this.#options.finality.wait(index, timeout);
  }

  witnesses(): readonly WitnessState[] {
    return this.#options.finality.witnesses();
  }

  state(): LedgerState {
    if (this.#stopped === undefined) {
      return { state: 'serving' };
    }
    return this.#stopped.code === 'CLOSED'
      ? { state: 'closed' }
      : { state: 'read-only', reason: this.#stopped.message };
  }

  subscribe(listener: (entry: Entry) => void): () => void {
    // Wrapped, so that the same function may subscribe twice and end each on its own.
    const own = (entry: Entry): void => listener(entry);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Keeps what was submitted, then lets go of the storage. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = new LedgerError('CLOSED', 'The ledger is closed. Open it again.');
    this.#stopped ??= closed;
    await this.#running;
    await this.#options.finality.close();
    await this.#options.storage.close();
    this.#stopped = closed;
  }

  async #run(): Promise<void> {
    // What is submitted in the same turn goes into the same write.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#commit(this.#queue.splice(0, MAX_BATCH));
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const draft = new Draft(this.#replica);
    const answers: (() => void)[] = [];
    for (const waiting of batch) {
      answers.push(await this.#decide(draft, waiting));
    }
    if (draft.entries.length > 0) {
      try {
        await this.#keep(draft, batch);
      } catch (cause) {
        this.#fail(cause, batch);
        return;
      }
      draft.entries.forEach(entry => this.#tell(entry));
    }
    answers.forEach(answer => answer());
  }

  async #decide(draft: Draft, { signed, signer, resolve, reject }: Waiting): Promise<() => void> {
    try {
      const known = await this.#known(signed.envelope.id);
      const good = await signer;
      const isSigned = (key: string): boolean => key === good || isSignedBy(signed, key);
      const answer = draft.submit(signed, this.#now(), known, isSigned);
      return () => resolve(answer);
    } catch (error) {
      return () => reject(error);
    }
  }

  /** What goes on the log stays there, so a clock that is broken must not. */
  #now(): number {
    const now = Math.floor(this.#options.clock());
    if (!(now >= 0 && now <= LAST_TIME)) {
      throw new LedgerError('INVALID', `The clock says ${now}, which is no time in ms since 1970. Set it right.`);
    }
    return now;
  }

  /** The entry that has a command id, where the replica does not keep its entries. */
  async #known(commandId: string): Promise<Entry | undefined> {
    const index = this.#replica.indexOf(commandId);
    if (index === undefined) {
      return undefined;
    }
    for await (const entry of this.#options.storage.entries(index, index + 1)) {
      return entry;
    }
    return undefined;
  }

  /** Resolves to the key, if the signature is good for the one that is right now; in its turn it may be another. */
  async #checkSignature({ signed, text }: OwnCommand): Promise<string | undefined> {
    const key = new Draft(this.#replica).signerOf(signed);
    if (typeof key !== 'string') {
      return undefined;
    }
    const bytes = envelopeBytes(Buffer.from(text));
    return (await verifyWithLater(bytes, signed.signature, key)) ? key : undefined;
  }

  async #keep(draft: Draft, batch: readonly Waiting[]): Promise<void> {
    const { storage, origin, privateKey } = this.#options;
    const texts = new Map(batch.map(({ signed, text }) => [signed, text]));
    const kept = draft.entries.map(entry => {
      const bytes = leafBytes(entry, texts.get(entry.signed));
      return { entry, bytes, hash: leafHash(bytes) };
    });
    // If the write fails the tree has leaves too many; nobody sees them, for no checkpoint covers them.
    kept.forEach(({ hash }) => this.#tree.append(hash));
    const size = this.#tree.size;
    const note = signCheckpoint({ origin, size, root: this.#tree.root() }, privateKey);
    await storage.keep(kept, note);
    this.#replica.commit(draft);
    this.#checkpoint = { note, size };
    this.#options.finality.committed({ note, size, entry: kept.at(-1)?.bytes });
  }

  /** After a failed write nobody knows what the disk has: nothing more is accepted until it was read again. */
  #fail(cause: unknown, batch: readonly Waiting[]): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#stopped = new LedgerError(
      'READ_ONLY',
      `The ledger could not be written (${why}) and is read-only now. Mend the disk, open the ledger again and ` +
        'submit the same commands: those that were kept give their receipt.',
      { cause }
    );
    [...batch, ...this.#queue.splice(0)].forEach(({ reject }) => reject(this.#stopped));
  }

  #tell(entry: Entry): void {
    for (const listener of this.#listeners) {
      try {
        listener(entry);
      } catch (error) {
        // The entry is kept whatever a listener makes of it.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
