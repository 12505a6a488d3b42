/** What can go wrong with the place that keeps the log. What the rules refuse is a {@link Refusal}, not an error. */
export type LedgerErrorCode =
  /** Another process writes this log. */
  | 'LOCKED'
  /** The files are not what was written. */
  | 'CORRUPT'
  /** A write failed; nothing more is accepted until the ledger is opened again. */
  | 'READ_ONLY'
  /** The ledger was closed. */
  | 'CLOSED'
  /** What was given is not what it must be. */
  | 'INVALID'
  /** There is no such entry, or no log in the folder. */
  | 'NOT_FOUND'
  /** The folder or a file in it could not be read or written. */
  | 'IO';

/** Thrown by the drivers of the {@link Ledger} port. The message says how to mend. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
