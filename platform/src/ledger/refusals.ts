import type { Refusal, RefusalCode } from '@jupyterflow/ledger';
import type { ProblemCode } from '@jupyterflow/schema';
import { Problem } from '../http/problem.js';

/** What the answer names beside what the ledger says. */
export interface RefusalContext {
  readonly dataset?: string;
  readonly lease?: string;
}

const CODES: Readonly<Record<RefusalCode, ProblemCode>> = {
  UNKNOWN_ORGANIZATION: 'INTERNAL',
  NOT_MEMBER: 'NOT_ALLOWED',
  NOT_ADMITTED: 'NOT_ALLOWED',
  BAD_SIGNATURE: 'INTERNAL',
  UNKNOWN_DATASET: 'UNKNOWN_DATASET',
  UNKNOWN_LEASE: 'UNKNOWN_LEASE',
  UNKNOWN_RUN: 'UNKNOWN_RUN',
  UNKNOWN_ALGORITHM: 'UNKNOWN_ALGORITHM',
  CLOCK_SKEW: 'LEDGER_UNAVAILABLE',
  ID_REUSED: 'IDEMPOTENCY_MISMATCH',
  EXISTS: 'WRONG_STATE',
  NOT_OWNER: 'NOT_ALLOWED',
  NOT_HOLDER: 'NOT_ALLOWED',
  VERSION_CONFLICT: 'VERSION_CONFLICT',
  RETIRED: 'WRONG_STATE',
  LEASED: 'LEASED',
  EXPIRED: 'LEASE_NOT_ACTIVE',
  WRONG_STATE: 'WRONG_STATE',
  POLICY: 'POLICY',
  INVALID: 'INVALID_BODY',
  LEASE_NOT_ACTIVE: 'LEASE_NOT_ACTIVE'
};

/** A refusal of the ledger as the answer to the request that led to it. */
export function refused(refusal: Refusal, context: RefusalContext = {}): Problem {
  const { holder, message, check } = refusal;
  const lease = refusal.lease ?? context.lease;
  return new Problem(CODES[refusal.code], message, {
    ...(holder && { holder: holder.organization, until: new Date(holder.until).toISOString() }),
    ...(context.dataset !== undefined && { dataset: context.dataset }),
    ...(lease !== undefined && { lease }),
    ...(check !== undefined && { check })
  });
}
