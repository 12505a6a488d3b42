import type { Refusal } from '../ledger.js';
import type { AdmissionRecord, ConsortiumRecord, OrganizationRecord } from '../state.js';
import { isMember, readConsortium, withMember } from './consortium.js';
import { accept, refuse, type CommandOf, type Given, type Rule, type Write } from './decision.js';
import { MAX_MEMBERS } from './limits.js';
import { read } from './reads.js';

/**
 * The first join of an id is trusted where membership is open; the signature proves that the organization has the key.
 * An id that left may come back with its last key; one that was expelled, or with another key, only when admitted.
 */
export const joinOrganization: Rule<'organization.join'> = function* (command, given) {
  const { organization: id } = given;
  const known = yield* read('organization', id);
  const consortium = yield* readConsortium();
  const admission = yield* read('admission', id);
  const problem = joinProblem(command, given, { known, consortium, admission });
  if (problem !== undefined) {
    return problem;
  }
  const { name, publicKey, witness } = command;
  const offers = known?.offers;
  const organization: OrganizationRecord = {
    id,
    name,
    publicKey,
    ...(witness !== undefined && { witness }),
    ...(offers !== undefined && { offers })
  };
  const spent: Write[] =
    admission === undefined ? [] : [{ key: `admission/${id}`, value: { ...admission, spent: true } }];
  return accept([{ type: 'organization.joined', organization }], withMember(consortium, id), ...spent);
};

interface Known {
  readonly known: OrganizationRecord | undefined;
  readonly consortium: ConsortiumRecord;
  readonly admission: AdmissionRecord | undefined;
}

function joinProblem(
  { publicKey }: CommandOf<'organization.join'>,
  { organization }: Given,
  { known, consortium, admission }: Known
): Refusal | undefined {
  if (known !== undefined && isMember(consortium, { organization })) {
    return refuse(
      'EXISTS',
      known.publicKey === publicKey
        ? `Organization ${organization} has joined already, with this key. Go on with it.`
        : `Organization ${organization} has joined already, with another key. Sign with that key, or join under another id.`
    );
  }
  const admitted = admission?.publicKey === publicKey && admission.spent !== true;
  if (!admitted && consortium.membership === 'closed') {
    return notAdmitted(organization, 'The consortium is closed.');
  }
  if (!admitted && known?.gone === 'expelled') {
    return notAdmitted(organization, `Organization ${organization} was expelled.`);
  }
  if (!admitted && known !== undefined && known.publicKey !== publicKey) {
    return notAdmitted(organization, `Organization ${organization} left with another key: join with that one.`);
  }
  return consortium.members.length >= MAX_MEMBERS
    ? refuse('NOT_ADMITTED', `The consortium has ${MAX_MEMBERS} members, the most there may be. Join another.`)
    : undefined;
}

function notAdmitted(organization: string, why: string): Refusal {
  return refuse(
    'NOT_ADMITTED',
    `${why} Ask its members to vote that ${organization} is admitted with this key, then join again.`
  );
}
