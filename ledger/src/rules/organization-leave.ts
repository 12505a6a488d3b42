import { readConsortium, withoutMember } from './consortium.js';
import { accept, refuse, type Rule } from './decision.js';
import { memberRecord } from './organization.js';

/**
 * An organization leaves; afterwards it may do nothing until it joins again. It must retire its datasets before: then no
 * lease of them is granted or renewed any more, those that are active end by their time, and nobody waits for an owner
 * who is gone.
 */
export const leaveConsortium: Rule<'organization.leave'> = function* (_command, given) {
  const organization = yield* memberRecord(given.organization);
  const consortium = yield* readConsortium();
  const { id, offers = 0 } = organization;
  if (offers > 0) {
    return refuse(
      'WRONG_STATE',
      `Organization ${id} offers ${offers} ${offers === 1 ? 'dataset' : 'datasets'} still. Retire what it offers, then leave.`
    );
  }
  if (consortium.membership === 'closed' && consortium.members.length === 1) {
    return refuse(
      'WRONG_STATE',
      `Organization ${id} is the last member of a closed consortium: nobody could join it again. Open it first.`
    );
  }
  return accept(
    [{ type: 'organization.left', organization: { ...organization, gone: 'left' } }],
    withoutMember(consortium, id)
  );
};
