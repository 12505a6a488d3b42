import type { Dataset, Lease } from '@jupyterflow/schema';
import { EXIT, Failure } from '../failure.js';
import type { PlatformApi } from './api.js';

export interface DatasetFilter {
  /** Words that must all occur. */
  readonly words?: readonly string[];
  readonly owner?: string;
  /** Only those that are open, or the caller's already. */
  readonly available?: boolean;
}

/** The catalogue as the caller may see it. */
export async function listDatasets(api: PlatformApi, filter: DatasetFilter): Promise<readonly Dataset[]> {
  const { words = [], owner, available } = filter;
  const query = {
    ...(words.length === 0 ? {} : { q: words.join(' ') }),
    ...(owner === undefined ? {} : { owner }),
    ...(available === true ? { available: 'true' } : {})
  };
  const datasets: Dataset[] = [];
  for await (const page of api.pages<Dataset>('/datasets', query)) datasets.push(...page);
  return datasets;
}

/** @param reference `owner/name`, or the id */
export async function getDataset(api: PlatformApi, reference: string): Promise<Dataset> {
  if (/^(?:ds_[a-z0-9]+|[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*)$/.test(reference))
    return api.json<Dataset>(`/datasets/${encodeURIComponent(reference)}`);
  const hint = 'Write it as owner/name, e.g. uis/lorem. See `jupyterflow datasets list`.';
  throw new Failure(EXIT.usage, `${reference} is not the name of a dataset`, { code: 'USAGE', hint });
}

/** The lease of the caller that a reference means: its id, or its dataset. */
export async function getLease(api: PlatformApi, reference: string): Promise<Lease> {
  if (/^ls_[a-z0-9]+$/.test(reference)) return api.json<Lease>(`/leases/${reference}`);
  const dataset = await getDataset(api, reference);
  if (dataset.lease !== undefined) return dataset.lease;
  const hint = `Lease it: jupyterflow datasets lease ${nameOf(dataset)} --purpose "..."`;
  throw new Failure(EXIT.refused, `you hold no lease of ${nameOf(dataset)}`, { code: 'LEASE_NOT_ACTIVE', hint });
}

export function nameOf({ owner, name }: Pick<Dataset, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}
