import type { Lease } from '@jupyterflow/schema';
import { HOME, isName } from '../scaffold/plan';

/** Where a lease's dataset is mounted in a starter, and what the volume is called. */
export interface StarterVolume {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

const ID = /^ds_[a-z0-9]{8,40}$/;

/** One volume a dataset, in the order of the leases. A name that two owners use gets the owner's before it. Values that are no plain ids and names are left out. */
export function starterVolumes(leases: readonly Lease[]): readonly StarterVolume[] {
  const seen = new Map<string, StarterVolume>();
  const taken = new Set<string>();
  for (const { dataset: id, datasetName, owner } of leases) {
    const name = [datasetName, `${owner}-${datasetName}`].find(one => isName(one) && !taken.has(one));
    if (ID.test(id) && name !== undefined && !seen.has(id)) {
      taken.add(name);
      seen.set(id, { id, name, path: `${HOME}/${name}` });
    }
  }
  return [...seen.values()];
}

/** A volume as one line of a workflow file. */
export function volumeLine({ id, name, path }: StarterVolume): string {
  return `- { id: ${id}, name: ${name}, path: ${path} }`;
}

/** A `workflow.yaml` to begin with: one job a leased dataset that lists what is in it, then a last one. */
export function starterWorkflow(leases: readonly Lease[]): string {
  const volumes = starterVolumes(leases);
  const jobs = volumes.flatMap(volume => [
    `  - command: ls -R ${volume.path}`,
    '    volumes:',
    `      ${volumeLine(volume)}`
  ]);
  const first = volumes.length === 0 ? ['  - echo hello'] : jobs;
  const count = Math.max(1, volumes.length);
  const before = Array.from({ length: count }, (_, index) => index + 1).join(', ');
  return [
    '# Run it in a terminal, in the folder of this file: jupyterflow run -f workflow.yaml',
    'jobs:',
    ...first,
    '  - echo done',
    'dags:',
    count === 1 ? '  - 1 >> 2' : `  - '[${before}] >> ${count + 1}'`,
    ''
  ].join('\n');
}
