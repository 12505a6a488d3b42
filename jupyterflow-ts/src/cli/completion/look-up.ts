import type { RunView } from '../backend.js';
import { compileQuietly, readInput } from '../input.js';
import { openBackend, openPlatform } from '../open-backend.js';
import { listDatasets, nameOf } from '../platform/datasets.js';
import type { BackendFlags } from '../settings.js';
import type { Candidate, Completion, Wanted } from './candidates.js';

/** Runs that are offered; more would scroll away. */
const MOST_RUNS = 50;
const DEFAULT_FILE = 'workflow.yaml';

/** What is not in the program itself: runs, jobs and datasets. Rejects when it can't be found. */
export async function lookUp(wanted: Wanted, { flags, args }: Completion): Promise<readonly Candidate[]> {
  const place: BackendFlags = {
    ...(flags['platform'] === undefined ? {} : { platform: flags['platform'] }),
    ...(flags['local'] === undefined ? {} : { local: true }),
    ...(flags['kube'] === undefined ? {} : { kube: true }),
    ...(flags['context'] === undefined ? {} : { context: flags['context'] }),
    ...(flags['namespace'] === undefined ? {} : { namespace: flags['namespace'] })
  };
  switch (wanted) {
    case 'runs':
      return (await (await openBackend(place)).list({ limit: MOST_RUNS })).map(({ name, state }) => ({
        word: name,
        about: state
      }));
    case 'jobs-of-run':
      return jobsOf((await (await openBackend(place)).find(args[0] ?? '@latest')).jobs);
    case 'jobs-of-file': {
      const input = await readInput({ filename: flags['filename'] ?? DEFAULT_FILE });
      return jobsOf(compileQuietly(input, {}).plan?.jobs ?? []);
    }
    case 'datasets': {
      const datasets = await listDatasets(await openPlatform(place), {});
      return datasets.map(dataset => ({ word: nameOf(dataset), about: dataset.title }));
    }
  }
}

/** The jobs of the file: of copies the job that they are copies of, and they themselves. */
function jobsOf(jobs: readonly (Pick<RunView['jobs'][number], 'name'> & { readonly group?: string })[]): Candidate[] {
  return [...new Set(jobs.flatMap(({ name, group }) => (group === undefined ? [name] : [group, name])))].map(word => ({
    word
  }));
}
