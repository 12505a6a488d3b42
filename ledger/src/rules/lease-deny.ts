import { accept, isRefusal, type Rule } from './decision.js';
import { ended } from './lease-end.js';
import { findLease, ownerProblem, stateProblem } from './lease.js';

/** The owner does not grant what was requested. */
export const denyLease: Rule<'lease.deny'> = function* (command, given) {
  const lease = yield* findLease(command.lease);
  if (isRefusal(lease)) {
    return lease;
  }
  const problem = ownerProblem(lease, given) ?? stateProblem(lease, ['requested'], given.now);
  if (problem !== undefined) {
    return problem;
  }
  return accept([{ type: 'lease.denied', lease: ended(lease, 'denied', given.now, command.reason) }]);
};
