import type { Dataset } from '@jupyterflow/schema';
import { durationWords } from '../../durations.js';
import { EXIT } from '../../failure.js';
import { openPlatform } from '../../open-backend.js';
import { printValue } from '../../output.js';
import { listDatasets, nameOf } from '../../platform/datasets.js';
import type { PlatformFlags } from '../../settings.js';
import { table } from '../../table.js';
import { print, say } from '../../terminal.js';

export interface DatasetListFlags extends PlatformFlags {
  readonly output: string;
  readonly owner?: string;
  readonly available?: boolean;
}

/** What organizations offer, and whether it is free. */
export async function listCommand(words: readonly string[], flags: DatasetListFlags): Promise<number> {
  const { output, owner, available } = flags;
  const api = await openPlatform(flags);
  const datasets = await listDatasets(api, {
    words,
    ...(owner === undefined ? {} : { owner }),
    ...(available === undefined ? {} : { available })
  });
  if (output === 'name') print(datasets.map(dataset => `${nameOf(dataset)}\n`).join(''));
  else if (output !== 'text' && output !== 'wide') await printValue(datasets, output);
  else if (datasets.length === 0) say('No dataset is like this.\n');
  else print(tableOf(datasets, output === 'wide'));
  return EXIT.ok;
}

function tableOf(datasets: readonly Dataset[], wide: boolean): string {
  const head = ['NAME', 'TITLE', 'AVAILABILITY', ...(wide ? ['ID', 'SIZE', 'LICENCE', 'TAGS'] : [])];
  const rows = datasets.map(dataset => [
    nameOf(dataset),
    dataset.title,
    availabilityOf(dataset),
    ...(wide ? [dataset.id, dataset.size ?? '', dataset.licence ?? '', dataset.tags.join(',')] : [])
  ]);
  return table([head, ...rows]);
}

/** Whose it is now, and for how long. */
export function availabilityOf(
  { availability, lease, owner, takenBy, takenUntil }: Dataset,
  now: number = Date.now()
): string {
  if (lease?.state === 'requested') return `asked for; ${owner} decides`;
  const until = availability === 'yours' ? lease?.expiresAt : takenUntil;
  const left = until === undefined ? undefined : durationWords(Date.parse(until) - now);
  if (availability === 'yours') return left === undefined ? 'yours' : `yours, ${left} left`;
  if (availability === 'open') return 'open';
  return `taken${takenBy === undefined ? '' : ` by ${takenBy}`}${left === undefined ? '' : `, free in ${left}`}`;
}
