import type { Refusal } from '../ledger.js';
import type { ResultHold, RunRecord } from '../state.js';
import { accept, isRefusal, refuse, type CommandOf, type Given, type Rule } from './decision.js';
import { findRun } from './run.js';
import type { Reading } from './reads.js';

/** An owner who holds the results of a run lets them go: what concerns its datasets. It may still after it refused. */
export const releaseResult: Rule<'result.release'> = function* (command, given) {
  const run = yield* decided(command, given, 'released', ['held', 'refused']);
  return isRefusal(run) ? run : accept([{ type: 'result.released', run }]);
};

/** An owner keeps the results of a run back. What was released can't be taken back, so it can't be refused either. */
export const refuseResult: Rule<'result.refuse'> = function* (command, given) {
  const run = yield* decided(command, given, 'refused', ['held']);
  return isRefusal(run) ? run : accept([{ type: 'result.refused', run }]);
};

function* decided(
  { run: id, reason }: CommandOf<'result.release' | 'result.refuse'>,
  { organization, user, now }: Given,
  state: 'released' | 'refused',
  from: readonly ResultHold['state'][]
): Reading<RunRecord | Refusal> {
  const run = yield* findRun(id);
  if (isRefusal(run)) {
    return run;
  }
  const hold = run.results?.find(({ owner }) => owner === organization);
  if (hold === undefined) {
    return refuse(
      'NOT_OWNER',
      `No results of run ${id} wait for ${organization}: it used none of its datasets that ask for that. Leave it to their owners.`
    );
  }
  if (run.state === 'Running') {
    return refuse('WRONG_STATE', `Run ${id} has not ended, so its results are not whole. Decide when it has.`);
  }
  if (!from.includes(hold.state)) {
    return refuse(
      'WRONG_STATE',
      `The results of run ${id} are ${hold.state} by ${organization} already. Nothing is left to do.`
    );
  }
  const { owner, datasets } = hold;
  const decision: ResultHold = {
    owner,
    datasets,
    state,
    decidedAt: now,
    user,
    ...(reason === undefined ? {} : { reason })
  };
  return { ...run, results: (run.results ?? []).map(one => (one === hold ? decision : one)) };
}
