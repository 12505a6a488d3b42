import type { Refusal } from '../ledger.js';
import type { DatasetRecord } from '../state.js';
import { retiredMessage } from './dataset.js';
import { refuse } from './decision.js';
import { duration, names } from './wording.js';

/** What is asked of a dataset. */
export interface Wish {
  readonly organization: string;
  readonly purpose: string;
  /** ms */
  readonly duration: number;
}

/** Why the owner does not allow it; undefined when they do. Asked at the request and again before each grant. */
export function policyProblem(dataset: DatasetRecord, wish: Wish): Refusal | undefined {
  const { policy, id, owner } = dataset;
  if (dataset.state === 'retired') {
    return refuse('RETIRED', retiredMessage(dataset));
  }
  if (policy.organizations.length > 0 && !policy.organizations.includes(wish.organization)) {
    return refuse(
      'POLICY',
      `Dataset ${id} is lent to ${names(policy.organizations)} only, not to ${wish.organization}. Ask ${owner} to allow it.`
    );
  }
  if (policy.purposes.length > 0 && !policy.purposes.includes(wish.purpose)) {
    return refuse(
      'POLICY',
      `Dataset ${id} may not be used for ${JSON.stringify(wish.purpose)}. Choose one of the purposes: ${names(policy.purposes)}.`
    );
  }
  if (wish.duration > policy.maxDuration) {
    return refuse(
      'POLICY',
      `Dataset ${id} is lent for at most ${duration(policy.maxDuration)}, asked were ${duration(wish.duration)}. Ask for less.`
    );
  }
  return undefined;
}
