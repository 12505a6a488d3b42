import type { Refusal } from '../ledger.js';
import type { DatasetRecord } from '../state.js';
import { refuse, type Given } from './decision.js';
import { read, type Reading } from './reads.js';

/** The dataset, if there is one. */
export function* findDataset(id: string): Reading<DatasetRecord | Refusal> {
  const dataset = yield* read('dataset', id);
  return dataset ?? refuse('UNKNOWN_DATASET', `There is no dataset ${id}. Look its id up in the catalogue.`);
}

/** Why a dataset can't be changed now, by whom, from this version; undefined when it can. */
export function changeProblem(dataset: DatasetRecord, basedOn: number, given: Given): Refusal | undefined {
  if (dataset.owner !== given.organization) {
    return refuse(
      'NOT_OWNER',
      `Dataset ${dataset.id} belongs to ${dataset.owner}; only that organization may change it.`
    );
  }
  if (dataset.state === 'retired') {
    return refuse('RETIRED', retiredMessage(dataset));
  }
  if (dataset.version !== basedOn) {
    return refuse(
      'VERSION_CONFLICT',
      `Dataset ${dataset.id} is at version ${dataset.version}, the change is based on ${basedOn}. ` +
        'Read it again and change that version.'
    );
  }
  return undefined;
}

export function retiredMessage(dataset: DatasetRecord): string {
  return `Dataset ${dataset.id} is retired. Choose another, or ask ${dataset.owner} to publish it anew.`;
}
