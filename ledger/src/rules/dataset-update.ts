import { changeProblem, findDataset } from './dataset.js';
import { accept, isRefusal, type Rule } from './decision.js';

/** A new policy holds for what comes after it; leases that were granted go on as they were. */
export const updateDataset: Rule<'dataset.update'> = function* (command, given) {
  const dataset = yield* findDataset(command.dataset);
  if (isRefusal(dataset)) {
    return dataset;
  }
  const problem = changeProblem(dataset, command.basedOn, given);
  if (problem !== undefined) {
    return problem;
  }
  const { policy, description } = command;
  return accept([
    { type: 'dataset.updated', dataset: { ...dataset, version: dataset.version + 1, policy, description } }
  ]);
};
