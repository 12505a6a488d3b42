import type { Dataset, DatasetPage, Folder, Lease } from '@jupyterflow/schema';
import { Session } from './session.js';
import { inTerminal } from './terminal.js';

const WORKSPACE = 'examples/lorem-count';
const DATASETS = ['lorem-uis', 'lorem-uib', 'lorem-uio'];

/**
 * Does the project's main job as a researcher does: through the Hub, the platform's API, the notebook server's Contents API
 * and a JupyterLab terminal. Prints each step.
 * @param print takes one line
 * @returns the line of the result file, e.g. `lorem = 42`
 * @throws Error that says which step failed
 */
export async function takeTour(
  url: string,
  user: string,
  password: string,
  print: (line: string) => void
): Promise<string> {
  print(`${user} logs in and starts a notebook server`);
  const session = await Session.open(url, user, password);
  await session.startServer();

  print('datasets that organizations offer:');
  const { items } = await session.platform<DatasetPage>('GET', '/datasets?limit=200');
  for (const dataset of items)
    print(`  ${dataset.title.padEnd(24)} ${dataset.owner}  ${dataset.size ?? ''}  ${dataset.availability}`);

  const leases: Lease[] = [];
  try {
    for (const name of DATASETS) {
      const dataset = items.find(item => item.name === name);
      if (!dataset) throw new Error(`no dataset is named ${name}`);
      leases.push(await lease(session, dataset));
      const folders = await scaffold(session, dataset);
      print(
        `leased ${dataset.title} until ${leases.at(-1)?.expiresAt ?? '?'}; made ${folders.map(path => `~/${path}`).join(', ')}`
      );
    }
    const command = 'jupyterflow run -f workflow.yaml --wait';
    print(`$ ${command}`);
    // Through a pipe the command prints a line a change instead of drawing over them.
    const run = await inTerminal(session, `set -o pipefail; cd ~/${WORKSPACE} && ${command} 2>&1 | cat`);
    for (const line of run.output.trimEnd().split('\n')) print(`  ${line}`);
    if (run.exitCode !== 0) throw new Error(`jupyterflow ended with ${run.exitCode}`);
    const { content } = await session.notebook<{ content: string }>('GET', `/contents/${WORKSPACE}/result.txt`);
    print(`${WORKSPACE}/result.txt: ${content.trim()}`);
    return content.trim();
  } finally {
    for (const { id, datasetTitle } of leases) {
      await session.platform('POST', `/leases/${id}/release`, { reason: 'the tour is over' });
      print(`released ${datasetTitle}`);
    }
  }
}

/** Leases a dataset, or takes the lease that an interrupted tour left. */
async function lease(session: Session, dataset: Dataset): Promise<Lease> {
  if (dataset.lease) return dataset.lease;
  return session.platform<Lease>('POST', `/datasets/${dataset.id}/leases`, { purpose: 'tour', duration: 'PT1H' });
}

/** Makes the dataset's folders in the home, parents first; those that are there stay. */
async function scaffold(session: Session, dataset: Dataset): Promise<readonly string[]> {
  const paths = (folders: readonly Folder[], parent: string): readonly string[] =>
    folders.flatMap(({ name, folders: inner }) => [`${parent}/${name}`, ...paths(inner ?? [], `${parent}/${name}`)]);
  const all = [dataset.name, ...paths(dataset.structure, dataset.name)];
  for (const path of all)
    await session.notebook('PUT', `/contents/${path.split('/').map(encodeURIComponent).join('/')}`, {
      type: 'directory'
    });
  return all;
}
