import { LedgerError } from '../errors.js';
import type { StoredEntry } from '../replica.js';

/** A proof of what happened with a lease that can be checked without the log: one JSON file. */
export interface ProofBundle {
  readonly format: typeof FORMAT;
  /** Id of the lease. */
  readonly lease: string;
  /** Key of the log, as in its `log.pub`. */
  readonly log: string;
  /** Signed checkpoints with the cosignatures of witnesses. */
  readonly checkpoints: readonly string[];
  /** The entries that tell the lease's story, and the joins of the organizations in it, in order. */
  readonly entries: readonly ProvenEntry[];
}

/** An entry with a proof for each checkpoint that covers it. */
export interface ProvenEntry {
  readonly entry: StoredEntry;
  readonly proofs: readonly EntryProof[];
}

export interface EntryProof {
  /** Which of the bundle's checkpoints. */
  readonly checkpoint: number;
  /** Base64, from the leaf's sibling up. */
  readonly hashes: readonly string[];
}

export const FORMAT = 'jupyterflow-lease-proof/1';
/** Most of what a bundle may have: one that has more was not made by `prove`. */
const MAX_CHECKPOINTS = 100;
const MAX_ENTRIES = 100_000;

/**
 * Reads a bundle; what it says is checked by `checkProof`.
 *
 * @throws {@link LedgerError} `INVALID`, when it is none
 */
export function parseBundle(text: string): ProofBundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notBundle('it is not JSON');
  }
  const { format, lease, log, checkpoints, entries } = (value ?? {}) as Partial<Record<keyof ProofBundle, unknown>>;
  if (format !== FORMAT) {
    throw notBundle(`its format is not ${FORMAT}`);
  }
  if (typeof lease !== 'string' || typeof log !== 'string') {
    throw notBundle('it does not name a lease and the key of a log');
  }
  if (
    !isList(checkpoints, MAX_CHECKPOINTS, one => typeof one === 'string') ||
    !isList(entries, MAX_ENTRIES, isProven)
  ) {
    throw notBundle('its checkpoints or entries are not as they must be');
  }
  return value as ProofBundle;
}

/** The organizations that gave the commands of a bundle, which need not be checked yet. */
export function organizationsIn({ entries }: ProofBundle): ReadonlySet<string> {
  const ids = entries.map(
    ({ entry }) =>
      (entry as { readonly signed?: { readonly envelope?: { readonly organization?: unknown } } | null }).signed
        ?.envelope?.organization
  );
  return new Set(ids.filter(id => typeof id === 'string'));
}

function isProven(value: unknown): boolean {
  const { entry, proofs } = (value ?? {}) as Partial<Record<keyof ProvenEntry, unknown>>;
  return typeof entry === 'object' && entry !== null && isList(proofs, MAX_CHECKPOINTS, isProof);
}

function isProof(value: unknown): boolean {
  const { checkpoint, hashes } = (value ?? {}) as Partial<Record<keyof EntryProof, unknown>>;
  return Number.isSafeInteger(checkpoint) && isList(hashes, 64, one => typeof one === 'string');
}

function isList(value: unknown, max: number, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= max && value.every(is);
}

function notBundle(why: string): LedgerError {
  return new LedgerError('INVALID', `This is no proof of a lease: ${why}. Give the file that "prove" wrote.`);
}
