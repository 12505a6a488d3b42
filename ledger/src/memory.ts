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
  const checkpoint = signCheckpoint({ origin, size: 0, root: tree.root() }, privateKey);
  return new LogLedger({ storage: nowhere, replica: new Replica(), tree, checkpoint, origin, privateKey, clock });
}

const nowhere: LogStorage = {
  keep: () => Promise.resolve(),
  close: () => Promise.resolve()
};
