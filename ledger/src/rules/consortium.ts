import type { ConsortiumRecord } from '../state.js';
import type { Write } from './decision.js';
import { read, type Reading } from './reads.js';

/** The key of the one record of the consortium. */
export const CONSORTIUM = 'settings';

/** The consortium; before the first join nobody is in it and everybody may join. */
export function* readConsortium(): Reading<ConsortiumRecord> {
  const known = yield* read('consortium', CONSORTIUM);
  return known ?? { membership: 'open', majority: 'half', members: [], joins: 0 };
}

/** Whether an organization is a member; with a term: the one that it was then. */
export function isMember(
  consortium: ConsortiumRecord,
  { organization, term }: { readonly organization: string; readonly term?: number }
): boolean {
  return consortium.members.some(
    member => member.organization === organization && (term === undefined || member.term === term)
  );
}

/** The consortium with one member more, who begins a new term. */
export function withMember(consortium: ConsortiumRecord, organization: string): Write {
  const term = consortium.joins + 1;
  return writeConsortium({
    ...consortium,
    joins: term,
    members: [...consortium.members, { organization, term }]
  });
}

/** The consortium without a member. */
export function withoutMember(consortium: ConsortiumRecord, organization: string): Write {
  return writeConsortium({
    ...consortium,
    members: consortium.members.filter(member => member.organization !== organization)
  });
}

/** Members who approve an algorithm now. */
export function* membersWhoApprove(algorithm: string | undefined): Reading<readonly string[]> {
  const approvals = algorithm === undefined ? [] : ((yield* read('algorithm', algorithm))?.approvals ?? []);
  const consortium = yield* readConsortium();
  return approvals
    .map(({ organization }) => organization)
    .filter(organization => isMember(consortium, { organization }));
}

function writeConsortium(value: ConsortiumRecord): Write {
  return { key: `consortium/${CONSORTIUM}`, value };
}
