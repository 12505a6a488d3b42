import type { RefusalCode } from '../ledger.js';

/** What each code of a refusal means, and so what mends it. */
export const refusalKinds: Readonly<Record<RefusalCode, string>> = {
  INVALID: 'the command is not of the shape that it should have, or changes nothing',
  UNKNOWN_ORGANIZATION: 'no organization of this id has joined',
  NOT_MEMBER: 'the organization has left or was expelled',
  NOT_ADMITTED:
    'the organization may not join: the consortium is closed or full, or it must come back with its last key',
  BAD_SIGNATURE: 'the signature is not by the key of the organization, or a new key is not proved',
  CLOCK_SKEW: "the command's time is more than 30 s from the log's",
  ID_REUSED: 'the command id was used for another command',
  UNKNOWN_DATASET: 'there is no dataset of this id',
  UNKNOWN_LEASE: 'there is no lease of this id',
  UNKNOWN_RUN: 'there is no run of this id',
  UNKNOWN_ALGORITHM: 'the organization does not approve this algorithm',
  EXISTS: 'what should be made is there already',
  NOT_OWNER: 'another organization owns it',
  NOT_HOLDER: 'another person holds the lease',
  VERSION_CONFLICT: 'the dataset has changed since the version that the change is based on',
  RETIRED: 'the dataset is not offered any more',
  POLICY: 'the policy of the dataset does not allow it; `check` names the check that failed',
  LEASED: 'the dataset is taken; `holder` says by whom and until when',
  EXPIRED: 'the lease has expired',
  WRONG_STATE: 'this is not possible in the present state',
  LEASE_NOT_ACTIVE: 'a lease of the run is not active for its user; `lease` says which'
};
