import { accept, refuse, type Rule } from './decision.js';
import { offering } from './organization.js';
import { read } from './reads.js';

/** Any member may publish; it then owns the dataset. */
export const publishDataset: Rule<'dataset.publish'> = function* (command, given) {
  if ((yield* read('dataset', command.dataset)) !== undefined) {
    return refuse('EXISTS', `There is a dataset ${command.dataset} already. Publish under another id.`);
  }
  return accept(
    [
      {
        type: 'dataset.published',
        dataset: {
          id: command.dataset,
          owner: given.organization,
          version: 1,
          state: 'published',
          policy: command.policy,
          description: command.description,
          sealed: command.sealed,
          publishedAt: given.now,
          fencing: 0,
          leases: []
        }
      }
    ],
    yield* offering(given.organization, 1)
  );
};
