import { accept, isRefusal, type Rule } from './decision.js';
import { activeLeases, grant, grantChecks } from './grant.js';
import { datasetOf, findLease, ownerProblem, stateProblem } from './lease.js';
import { firstProblem } from './policy.js';
import { read } from './reads.js';

/** The owner grants what was requested; the policy of now holds, not that of the request. */
export const approveLease: Rule<'lease.approve'> = function* (command, given) {
  const lease = yield* findLease(command.lease);
  if (isRefusal(lease)) {
    return lease;
  }
  const unable = ownerProblem(lease, given) ?? stateProblem(lease, ['requested'], given.now);
  if (unable !== undefined) {
    return unable;
  }
  const dataset = yield* datasetOf(lease);
  const owner = yield* read('organization', dataset.owner);
  const active = yield* activeLeases(dataset, given.now);
  const problem = firstProblem(grantChecks(dataset, owner, active, lease));
  if (problem !== undefined) {
    return problem;
  }
  const { event, write } = grant(dataset, active, lease, given.now);
  return accept([event], write);
};
