import type { Dataset } from '@jupyterflow/schema';
import { durationWords, parseIsoDuration } from '../../durations.js';
import { EXIT } from '../../failure.js';
import { openPlatform } from '../../open-backend.js';
import { printValue } from '../../output.js';
import { getDataset, nameOf } from '../../platform/datasets.js';
import type { PlatformFlags } from '../../settings.js';
import { table } from '../../table.js';
import { harmless, print } from '../../terminal.js';
import { availabilityOf } from './list.js';

export interface DatasetShowFlags extends PlatformFlags {
  readonly output: string;
}

/** One dataset: what it is, what its owner allows, and how to use it. */
export async function showCommand(reference: string, flags: DatasetShowFlags): Promise<number> {
  const dataset = await getDataset(await openPlatform(flags), reference);
  if (flags.output === 'name') print(`${nameOf(dataset)}\n`);
  else if (flags.output === 'text') print(harmless(describe(dataset)));
  else await printValue(dataset, flags.output);
  return EXIT.ok;
}

function describe(dataset: Dataset): string {
  const { policy, lease, columns, tags } = dataset;
  const facts = table([
    ['name', nameOf(dataset)],
    ['title', dataset.title],
    ['id', dataset.id],
    ['availability', availabilityOf(dataset)],
    ...(lease === undefined ? [] : [['lease', `${lease.id}, ${lease.state}, for ${lease.purpose}`]]),
    ...(dataset.size === undefined ? [] : [['size', dataset.size]]),
    ...(dataset.licence === undefined ? [] : [['licence', dataset.licence]]),
    ...(tags.length === 0 ? [] : [['tags', tags.join(', ')]]),
    ...(columns.length === 0 ? [] : [['columns', columns.join(', ')]]),
    ['approval', policy.approval === 'auto' ? 'at once' : `by ${dataset.owner}`],
    ['longest lease', `${wordsOf(policy.maxDuration)}, ${policy.renewals} renewals`],
    ['at once', `${policy.concurrency} ${policy.concurrency === 1 ? 'person' : 'people'}`],
    ['purposes', policy.purposes.length === 0 ? 'any' : policy.purposes.join(', ')],
    ['organizations', policy.organizations.length === 0 ? 'all' : policy.organizations.join(', ')]
  ]);
  const text = dataset.description.trim();
  return `${facts}${text === '' ? '' : `\n${text}\n`}\n${howToUse(dataset)}`;
}

/** The next command, or the lines of a workflow file. */
export function howToUse(dataset: Pick<Dataset, 'owner' | 'name' | 'lease'>): string {
  const name = nameOf(dataset);
  if (dataset.lease?.state !== 'active') return `lease it: jupyterflow datasets lease ${name} --purpose "..."\n`;
  return `in workflow.yaml: volumes: [{dataset: ${name}, path: /home/jovyan/${dataset.name}}]\n`;
}

function wordsOf(duration: string): string {
  const milliseconds = parseIsoDuration(duration);
  return milliseconds === undefined ? duration : durationWords(milliseconds);
}
