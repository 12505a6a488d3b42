import type { LeaseRecord } from '../state.js';
import { accept, isRefusal, refuse, type Rule } from './decision.js';
import { datasetOf, findLease, holderProblem, stateProblem } from './lease.js';
import { firstProblem, termChecks } from './policy.js';
import { read } from './reads.js';
import { time } from './wording.js';

/** The holder keeps an active lease for longer, counted from now, as far as the owner allows it today. */
export const renewLease: Rule<'lease.renew'> = function* (command, given) {
  const lease = yield* findLease(command.lease);
  if (isRefusal(lease)) {
    return lease;
  }
  const unable = holderProblem(lease, given) ?? stateProblem(lease, ['active'], given.now);
  if (unable !== undefined) {
    return unable;
  }
  const dataset = yield* datasetOf(lease);
  const owner = yield* read('organization', dataset.owner);
  if (lease.renewals >= dataset.policy.renewals) {
    return refuse(
      'POLICY',
      `Lease ${lease.id} has used ${lease.renewals} of the ${dataset.policy.renewals} renewals that dataset ${dataset.id} allows. ` +
        `Request a new lease when this one ends at ${time(lease.expiresAt ?? given.now)}.`,
      { check: 'renewals' }
    );
  }
  const problem = firstProblem(termChecks(dataset, owner, { ...lease, duration: command.duration }));
  if (problem !== undefined) {
    return problem;
  }
  const expiresAt = given.now + command.duration;
  if (lease.expiresAt !== undefined && expiresAt < lease.expiresAt) {
    return refuse(
      'INVALID',
      `Lease ${lease.id} lasts until ${time(lease.expiresAt)}; a renewal must not shorten it to ${time(expiresAt)}. ` +
        'Ask for longer, or release it.'
    );
  }
  const renewed: LeaseRecord = { ...lease, expiresAt, renewals: lease.renewals + 1 };
  return accept([{ type: 'lease.renewed', lease: renewed }]);
};
