import { join, resolve } from 'node:path';
import { readCosigned } from '../embedded/cosigned.js';
import { FILES, isThere, readIfThere } from '../embedded/files.js';
import { corrupt, readVerifier } from '../embedded/identity.js';
import { readLog } from '../embedded/read-log.js';
import { LedgerError } from '../errors.js';
import type { Entry } from '../ledger.js';
import { MerkleTree } from '../merkle/tree.js';
import { CONSORTIUM } from '../rules/consortium.js';
import { assembleProof, storyFilter } from './assemble.js';
import type { ProofBundle } from './bundle.js';
import { isKeyCommand } from './story.js';

/**
 * Makes the proof of a lease from the folder of a log, which may be in use.
 *
 * @throws {@link LedgerError} `NOT_FOUND`, when there is no such lease; `CORRUPT`, when the log is damaged
 */
export async function proveLease(folderPath: string, lease: string): Promise<ProofBundle> {
  const folder = resolve(folderPath);
  const note = await readIfThere(join(folder, FILES.checkpoint));
  if (note === undefined) {
    if (await isThere(join(folder, FILES.log))) {
      corrupt(folder, `${FILES.checkpoint} is missing`);
    }
    throw new LedgerError('NOT_FOUND', `There is no log in ${folder}. Name the folder that has ${FILES.log}.`);
  }
  const verifier = await readVerifier(folder);
  const notes = [...(await readCosigned(folder)).values(), note];
  const { entries, tree } = await storyOf(folder, lease);
  const proof = assembleProof(lease, entries, { verifier, notes, tree });
  if (proof === undefined) {
    throw new LedgerError('CORRUPT', `The log in ${folder} is damaged: run "jupyterflow-ledger fsck ${folder}".`);
  }
  return proof;
}

async function storyOf(
  folder: string,
  lease: string
): Promise<{ readonly entries: readonly Entry[]; readonly tree: MerkleTree }> {
  // What may belong to it is kept until it is known what does: that follows from the lease.
  const found: Entry[] = [];
  const datasets = new Map<string, Entry[]>();
  const tree = new MerkleTree();
  const log = await readLog(folder, {
    trusted: Infinity,
    onLeaf: ({ hash }) => tree.append(hash),
    onEntries: entries => {
      for (const entry of entries) {
        const { command } = entry.signed.envelope;
        if (isKeyCommand(command) || ('lease' in command && command.lease === lease)) {
          found.push(entry);
        } else if (command.type.startsWith('dataset.') && 'dataset' in command) {
          datasets.set(command.dataset, [...(datasets.get(command.dataset) ?? []), entry]);
        }
      }
      return Promise.resolve();
    }
  });
  const record = log.replica.record('lease', lease);
  if (record === undefined) {
    const { problem } = log;
    const but = problem === undefined ? '' : `, as far as it can be read: up to entry ${problem.index}`;
    throw new LedgerError('NOT_FOUND', `There is no lease ${lease} in ${folder}${but}. Look its id up with "show".`);
  }
  const entries = [...found, ...(datasets.get(record.dataset) ?? [])]
    .filter(storyFilter(record, log.replica.record('consortium', CONSORTIUM)))
    .sort((a, b) => a.index - b.index);
  return { entries, tree };
}
