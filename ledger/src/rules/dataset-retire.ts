import { changeProblem, findDataset } from './dataset.js';
import { accept, isRefusal, type Rule } from './decision.js';
import { offering } from './organization.js';

/** No new leases from now on; the record stays for ever. */
export const retireDataset: Rule<'dataset.retire'> = function* (command, given) {
  const dataset = yield* findDataset(command.dataset);
  if (isRefusal(dataset)) {
    return dataset;
  }
  const problem = changeProblem(dataset, command.basedOn, given);
  if (problem !== undefined) {
    return problem;
  }
  return accept(
    [{ type: 'dataset.retired', dataset: { ...dataset, version: dataset.version + 1, state: 'retired' } }],
    yield* offering(dataset.owner, -1)
  );
};
