import { Finality, type FinalityOptions } from './finality.js';
import { createKeyPair } from './keys.js';
import type { Ledger } from './ledger.js';
import { LogLedger, type LogStorage } from './log-ledger.js';
import { MerkleTree } from './merkle/tree.js';
import { signCheckpoint } from './note/checkpoint.js';
import { Replica } from './replica.js';

export interface MemoryLedgerOptions {
  /** ms since 1970. @defaultValue `Date.now` */
  readonly clock?: () => number;
  /** Name of the log in its checkpoints. @defaultValue `memory` */
  readonly origin?: string;
}

/** A ledger that lives and dies with the process: the rules, the tree and the checkpoints are those of the embedded one. */
export function openMemoryLedger(options: MemoryLedgerOptions = {}): Ledger {
  const { clock = Date.now, origin = 'memory' } = options;
  const { privateKey } = createKeyPair();
  const tree = new MerkleTree();
  const replica = new Replica();
  const checkpoint = signCheckpoint({ origin, size: 0, root: tree.root() }, privateKey);
  const storage: LogStorage = {
    keep: () => Promise.resolve(),
    // eslint-disable-next-line @typescript-eslint/require-await -- others read from a disk
    entries: async function* (from, end) {
      yield* replica.entries.slice(from, end);
    },
    close: () => Promise.resolve()
  };
  const finality = new Finality(nobody(replica, tree), { note: checkpoint, size: 0 });
  return new LogLedger({ storage, replica, tree, checkpoint, origin, privateKey, clock, finality });
}

/** No witness is asked. */
export function nobody(replica: Replica, tree: MerkleTree): FinalityOptions {
  const ask = (): Promise<never> => Promise.reject(new Error('there are no witnesses'));
  return { replica, tree, addresses: [], ask, kept: new Map(), keep: () => Promise.resolve() };
}
