import { resultState, type RunRecord } from '@jupyterflow/ledger';
import type { Member } from '../auth/identity.js';
import { Problem } from '../http/problem.js';

/** Whether the caller is a steward of an organization that has a say over the results of a run. */
export function mayReview(run: RunRecord, caller: Member): boolean {
  return caller.roles.includes('steward') && (run.results ?? []).some(({ owner }) => owner === caller.organization.id);
}

/**
 * Why logs and outputs of a run are not handed out to the caller now. A steward who has the only say sees them, to decide;
 * with a second owner they might see what that one still holds.
 */
export function heldProblem(run: RunRecord, caller: Member): Problem | undefined {
  const state = resultState(run);
  const results = run.results ?? [];
  const sole = results.every(({ owner }) => owner === caller.organization.id);
  if (state === 'released' || (sole && mayReview(run, caller))) return undefined;
  const those = results.filter(one => one.state === state);
  const owners = those.map(({ owner }) => owner).join(', ');
  const reason = those.find(one => one.reason !== undefined)?.reason;
  const why = reason === undefined ? '' : `: ${reason}`;
  return new Problem(
    'POLICY',
    state === 'held'
      ? `The results of ${run.id} wait for ${owners}: a steward there releases them. Ask them when the run has ended.`
      : `The results of ${run.id} were refused by ${owners}${why}. Ask them what to change.`,
    { check: 'resultRelease' },
    403
  );
}
