import { accept, isRefusal, type Rule } from './decision.js';
import { without } from './grant.js';
import { ended } from './lease-end.js';
import { datasetOf, findLease, holderProblem, stateProblem } from './lease.js';

/** The holder gives a lease back, or withdraws the request for it. */
export const releaseLease: Rule<'lease.release'> = function* (command, given) {
  const lease = yield* findLease(command.lease);
  if (isRefusal(lease)) {
    return lease;
  }
  const problem = holderProblem(lease, given) ?? stateProblem(lease, ['requested', 'active'], given.now);
  if (problem !== undefined) {
    return problem;
  }
  const dataset = yield* datasetOf(lease);
  return accept(
    [{ type: 'lease.released', lease: ended(lease, 'released', given.now, command.reason) }],
    without(dataset, lease)
  );
};
