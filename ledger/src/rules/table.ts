import type { LedgerEvent, RefusalCode } from '../ledger.js';
import { approveAlgorithm, withdrawAlgorithm } from './algorithm.js';
import { voteInConsortium } from './consortium-vote.js';
import { publishDataset } from './dataset-publish.js';
import { retireDataset } from './dataset-retire.js';
import { updateDataset } from './dataset-update.js';
import type { CommandType, Rule } from './decision.js';
import { approveLease } from './lease-approve.js';
import { denyLease } from './lease-deny.js';
import { releaseLease } from './lease-release.js';
import { renewLease } from './lease-renew.js';
import { requestLease } from './lease-request.js';
import { revokeLease } from './lease-revoke.js';
import { MAX_DURATION, MAX_LIST, MIN_DURATION } from './limits.js';
import { joinOrganization } from './organization-join.js';
import { leaveConsortium } from './organization-leave.js';
import { rotateKey } from './organization-rotate.js';
import { destination, policyFields } from './policy-fields.js';
import type { RecordKind } from './reads.js';
import { refuseResult, releaseResult } from './result.js';
import { endRun } from './run-end.js';
import { startRun } from './run-start.js';
import {
  id,
  integer,
  line,
  list,
  object,
  oneOf,
  opaque,
  optional,
  publicKey,
  sha256,
  signature,
  text,
  variants,
  type Fields
} from './shape.js';

/** All there is to know of a type of command. */
export interface CommandEntry<T extends CommandType> {
  /** Who may give it. */
  readonly who: 'who is no member' | 'any member' | 'the owner' | 'the holder' | 'its organization';
  /** What must hold before. */
  readonly when: string;
  readonly fields: Fields;
  /** Kinds of record that it may write. */
  readonly writes: readonly RecordKind[];
  readonly events: readonly LedgerEvent['type'][];
  /** Besides those that any command may meet: see {@link commonRefusals}. */
  readonly refusals: readonly RefusalCode[];
  readonly rule: Rule<T>;
}

/** Refusals before the rule of the command is asked. */
export const commonRefusals = [
  'INVALID',
  'UNKNOWN_ORGANIZATION',
  'NOT_MEMBER',
  'BAD_SIGNATURE',
  'ID_REUSED',
  'CLOCK_SKEW'
] as const satisfies readonly RefusalCode[];

const policy = object(Object.fromEntries(Object.entries(policyFields).map(([name, { shape }]) => [name, shape])));
const basedOn = integer(1, Number.MAX_SAFE_INTEGER);
const duration = integer(MIN_DURATION, MAX_DURATION);
const reason = optional(text(1000));
const motion = variants({
  admit: { organization: id, publicKey },
  expel: { organization: id },
  configure: { membership: oneOf('open', 'closed'), majority: oneOf('half', 'two-thirds', 'all') }
});

/** The commands, one row each: the rules, their documentation and their tests all come from here. */
export const commands: { readonly [T in CommandType]: CommandEntry<T> } = {
  'organization.join': {
    who: 'who is no member',
    when: 'the key in it signs the command, and the consortium is open or the members admitted the organization with that key; who left comes back with its last key, who was expelled only when admitted',
    fields: { name: line(200), publicKey, witness: optional(publicKey) },
    writes: ['organization', 'consortium', 'admission'],
    events: ['organization.joined'],
    refusals: ['EXISTS', 'NOT_ADMITTED'],
    rule: joinOrganization
  },
  'organization.rotate': {
    who: 'any member',
    when: 'the old key signs the command, the new one proves that it is there, and something changes',
    fields: { publicKey, proof: signature, witness: optional(publicKey) },
    writes: ['organization'],
    events: ['organization.rotated'],
    refusals: ['INVALID'],
    rule: rotateKey
  },
  'organization.leave': {
    who: 'any member',
    when: 'its datasets are retired, and it is not the last member of a closed consortium',
    fields: {},
    writes: ['organization', 'consortium'],
    events: ['organization.left'],
    refusals: ['WRONG_STATE'],
    rule: leaveConsortium
  },
  'consortium.vote': {
    who: 'any member',
    when: 'the motion would change something, and is not to expel the one who votes',
    fields: { motion },
    writes: ['motion', 'admission', 'organization', 'consortium'],
    events: ['consortium.voted', 'organization.admitted', 'organization.expelled', 'consortium.configured'],
    refusals: ['EXISTS', 'UNKNOWN_ORGANIZATION', 'INVALID'],
    rule: voteInConsortium
  },
  'dataset.publish': {
    who: 'any member',
    when: 'the id is new',
    fields: { dataset: id, policy, description: opaque, sealed: sha256 },
    writes: ['dataset', 'organization'],
    events: ['dataset.published'],
    refusals: ['EXISTS'],
    rule: publishDataset
  },
  'dataset.update': {
    who: 'the owner',
    when: 'it is published, at the version the change is based on',
    fields: { dataset: id, basedOn, policy, description: opaque },
    writes: ['dataset'],
    events: ['dataset.updated'],
    refusals: ['UNKNOWN_DATASET', 'NOT_OWNER', 'RETIRED', 'VERSION_CONFLICT'],
    rule: updateDataset
  },
  'dataset.retire': {
    who: 'the owner',
    when: 'it is published, at the version the change is based on',
    fields: { dataset: id, basedOn },
    writes: ['dataset', 'organization'],
    events: ['dataset.retired'],
    refusals: ['UNKNOWN_DATASET', 'NOT_OWNER', 'RETIRED', 'VERSION_CONFLICT'],
    rule: retireDataset
  },
  'lease.request': {
    who: 'any member',
    when: 'the dataset is published, its policy allows it, the user has no active lease of it and, where nobody has to approve, there is room',
    fields: { lease: id, dataset: id, purpose: line(200), duration },
    writes: ['lease', 'dataset'],
    events: ['lease.requested', 'lease.granted'],
    refusals: ['UNKNOWN_DATASET', 'EXISTS', 'RETIRED', 'POLICY', 'LEASED'],
    rule: requestLease
  },
  'lease.approve': {
    who: 'the owner',
    when: 'it is requested, and might be requested again as it is',
    fields: { lease: id },
    writes: ['lease', 'dataset'],
    events: ['lease.granted'],
    refusals: ['UNKNOWN_LEASE', 'NOT_OWNER', 'EXPIRED', 'WRONG_STATE', 'RETIRED', 'POLICY', 'LEASED'],
    rule: approveLease
  },
  'lease.deny': {
    who: 'the owner',
    when: 'it is requested',
    fields: { lease: id, reason },
    writes: ['lease'],
    events: ['lease.denied'],
    refusals: ['UNKNOWN_LEASE', 'NOT_OWNER', 'EXPIRED', 'WRONG_STATE'],
    rule: denyLease
  },
  'lease.renew': {
    who: 'the holder',
    when: 'it is active, the policy allows one more renewal, and it does not end sooner by it',
    fields: { lease: id, duration },
    writes: ['lease'],
    events: ['lease.renewed'],
    refusals: ['UNKNOWN_LEASE', 'NOT_HOLDER', 'EXPIRED', 'WRONG_STATE', 'RETIRED', 'POLICY', 'INVALID'],
    rule: renewLease
  },
  'lease.release': {
    who: 'the holder',
    when: 'it is requested or active',
    fields: { lease: id, reason },
    writes: ['lease', 'dataset'],
    events: ['lease.released'],
    refusals: ['UNKNOWN_LEASE', 'NOT_HOLDER', 'EXPIRED', 'WRONG_STATE'],
    rule: releaseLease
  },
  'lease.revoke': {
    who: 'the owner',
    when: 'it is requested or active',
    fields: { lease: id, reason },
    writes: ['lease', 'dataset'],
    events: ['lease.revoked'],
    refusals: ['UNKNOWN_LEASE', 'NOT_OWNER', 'EXPIRED', 'WRONG_STATE'],
    rule: revokeLease
  },
  'run.start': {
    who: 'any member',
    when: 'the id is new or that of an ended run of the same user, who holds every lease, active now, and the policy of each dataset allows the algorithm, the site and the egress',
    fields: {
      run: id,
      leases: list(id, MAX_LIST),
      plan: sha256,
      images: list(line(500), MAX_LIST),
      facts: opaque,
      uses: optional(list(object({ lease: id, algorithm: sha256 }), MAX_LIST)),
      site: optional(id),
      egress: optional(list(destination, MAX_LIST))
    },
    writes: ['run'],
    events: ['run.started'],
    refusals: ['EXISTS', 'INVALID', 'LEASE_NOT_ACTIVE', 'RETIRED', 'POLICY'],
    rule: startRun
  },
  'run.end': {
    who: 'its organization',
    when: 'it is running',
    fields: { run: id, state: oneOf('Succeeded', 'Failed', 'Error'), reason },
    writes: ['run'],
    events: ['run.ended'],
    refusals: ['UNKNOWN_RUN', 'NOT_OWNER', 'WRONG_STATE'],
    rule: endRun
  },
  'result.release': {
    who: 'the owner',
    when: 'the run ended on a dataset whose results wait for its owner, who has not released them',
    fields: { run: id, reason },
    writes: ['run'],
    events: ['result.released'],
    refusals: ['UNKNOWN_RUN', 'NOT_OWNER', 'WRONG_STATE'],
    rule: releaseResult
  },
  'result.refuse': {
    who: 'the owner',
    when: 'the run ended on a dataset whose results wait for its owner, who has not decided',
    fields: { run: id, reason },
    writes: ['run'],
    events: ['result.refused'],
    refusals: ['UNKNOWN_RUN', 'NOT_OWNER', 'WRONG_STATE'],
    rule: refuseResult
  },
  'algorithm.approve': {
    who: 'any member',
    when: 'it does not approve it already',
    fields: { algorithm: sha256, reason },
    writes: ['algorithm'],
    events: ['algorithm.approved'],
    refusals: ['EXISTS'],
    rule: approveAlgorithm
  },
  'algorithm.withdraw': {
    who: 'any member',
    when: 'it approves it',
    fields: { algorithm: sha256, reason },
    writes: ['algorithm'],
    events: ['algorithm.withdrawn'],
    refusals: ['UNKNOWN_ALGORITHM'],
    rule: withdrawAlgorithm
  }
};
