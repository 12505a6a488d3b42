export type * from './commands.js';
export type * from './state.js';
export type * from './ledger.js';
export { leaseState, resultState } from './state.js';
export { canonicalJson } from './canonical.js';
export { logLine } from './embedded/line.js';
export { openEmbeddedLedger, type EmbeddedLedgerOptions } from './embedded/open.js';
export {
  verifyLog,
  type BrokenLog,
  type Verification,
  type VerifiedLog,
  type VerifyOptions
} from './embedded/verify.js';
export { entryHash } from './entry.js';
export { LedgerError, type LedgerErrorCode } from './errors.js';
export type { WitnessAddress } from './finality.js';
export { createKeyPair, fingerprint, sign, signRotation, type KeyPair } from './keys.js';
export { openMemoryLedger, type MemoryLedgerOptions } from './memory.js';
export { rootOfProof } from './merkle/inclusion.js';
export { openCheckpoint, type Checkpoint } from './note/checkpoint.js';
export type { ProofBundle } from './proof/bundle.js';
export { formatVerifier, parseVerifier, type NoteVerifier } from './note/signed-note.js';
