export type * from './commands.js';
export type * from './state.js';
export type * from './ledger.js';
export { leaseState } from './state.js';
export { canonicalJson } from './canonical.js';
export { LedgerError, type LedgerErrorCode } from './errors.js';
export { createKeyPair, fingerprint, sign, type KeyPair } from './keys.js';
