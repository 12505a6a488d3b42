import type { AlgorithmRecord } from '../state.js';
import { accept, refuse, type Rule } from './decision.js';
import { read } from './reads.js';

/** An organization approves an algorithm for its datasets under `reviewed`, and vouches for it to the others under `any`. */
export const approveAlgorithm: Rule<'algorithm.approve'> = function* ({ algorithm: digest, reason }, given) {
  const { organization, user, now } = given;
  const { approvals }: AlgorithmRecord = (yield* read('algorithm', digest)) ?? { digest, approvals: [] };
  if (approvals.some(one => one.organization === organization)) {
    return refuse('EXISTS', `${organization} approves algorithm ${digest} already. Nothing is left to do.`);
  }
  const approval = { organization, user, at: now, ...(reason === undefined ? {} : { reason }) };
  return accept([{ type: 'algorithm.approved', algorithm: { digest, approvals: [...approvals, approval] } }]);
};

/** An organization takes its approval back: no new run from now on; runs that are going go on. */
export const withdrawAlgorithm: Rule<'algorithm.withdraw'> = function* ({ algorithm: digest }, { organization }) {
  const approvals = (yield* read('algorithm', digest))?.approvals ?? [];
  const others = approvals.filter(one => one.organization !== organization);
  if (others.length === approvals.length) {
    return refuse('UNKNOWN_ALGORITHM', `${organization} does not approve algorithm ${digest}. Nothing is left to do.`);
  }
  return accept([{ type: 'algorithm.withdrawn', algorithm: { digest, approvals: others } }]);
};
