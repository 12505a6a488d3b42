import { accept, isRefusal, type Rule } from './decision.js';
import { without } from './grant.js';
import { ended } from './lease-end.js';
import { datasetOf, findLease, ownerProblem, stateProblem } from './lease.js';

/** The owner takes a lease back before its time. */
export const revokeLease: Rule<'lease.revoke'> = function* (command, given) {
  const lease = yield* findLease(command.lease);
  if (isRefusal(lease)) {
    return lease;
  }
  const problem = ownerProblem(lease, given) ?? stateProblem(lease, ['requested', 'active'], given.now);
  if (problem !== undefined) {
    return problem;
  }
  const dataset = yield* datasetOf(lease);
  return accept(
    [{ type: 'lease.revoked', lease: ended(lease, 'revoked', given.now, command.reason) }],
    without(dataset, lease)
  );
};
