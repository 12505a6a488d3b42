import type { RunRecord } from '../state.js';
import { accept, isRefusal, refuse, type Rule } from './decision.js';
import { findRun } from './run.js';

/** The organization of a run says how it ended, once. */
export const endRun: Rule<'run.end'> = function* (command, given) {
  const run = yield* findRun(command.run);
  if (isRefusal(run)) {
    return run;
  }
  if (run.organization !== given.organization) {
    return refuse('NOT_OWNER', `Run ${run.id} is of ${run.organization}; only that organization may end it.`);
  }
  if (run.state !== 'Running') {
    return refuse('WRONG_STATE', `Run ${run.id} has ended already: ${run.state}. Nothing is left to do.`);
  }
  const { state, reason } = command;
  const ended: RunRecord = { ...run, state, finishedAt: given.now, ...(reason === undefined ? {} : { reason }) };
  return accept([{ type: 'run.ended', run: ended }]);
};
