import type { Refusal } from '../ledger.js';
import { membersWhoApprove } from './consortium.js';
import { findDataset } from './dataset.js';
import { isRefusal } from './decision.js';
import { activeLeases, requestChecks, type Wish } from './grant.js';
import { useChecks, type PolicyCheck } from './policy.js';
import { read, readLater, type AsyncView, type Reading } from './reads.js';

/** What somebody would ask of a dataset, and do with it. */
export interface ExplainedWish extends Wish {
  readonly dataset: string;
  /** SHA-256 of what the jobs would execute, hex. */
  readonly algorithm?: string;
  readonly site?: string;
  readonly egress?: readonly string[];
}

/** Every check that a lease and a run under it would meet, in the order in which they are made. */
export interface Explanation {
  readonly request: readonly PolicyCheck[];
  readonly run: readonly PolicyCheck[];
}

/**
 * Makes the checks of `lease.request` and `run.start` without asking for anything, over a state that answers later.
 *
 * @param now - ms
 */
export function explainLater(wish: ExplainedWish, view: AsyncView, now: number): Promise<Explanation | Refusal> {
  return readLater(explaining(wish, now), view);
}

function* explaining(wish: ExplainedWish, now: number): Reading<Explanation | Refusal> {
  const dataset = yield* findDataset(wish.dataset);
  if (isRefusal(dataset)) {
    return dataset;
  }
  const owner = yield* read('organization', dataset.owner);
  const active = yield* activeLeases(dataset, now);
  const { algorithm, site, egress = [] } = wish;
  const approvers = yield* membersWhoApprove(algorithm);
  return {
    request: requestChecks(dataset, owner, active, wish),
    run: useChecks(dataset, owner, { lease: undefined, algorithm, approvers, site, egress })
  };
}
