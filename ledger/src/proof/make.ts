import { join, resolve } from 'node:path';
import { readCosigned } from '../embedded/cosigned.js';
import { FILES, readIfThere } from '../embedded/files.js';
import { readVerifier } from '../embedded/identity.js';
import { readLog } from '../embedded/read-log.js';
import { LedgerError } from '../errors.js';
import type { Entry } from '../ledger.js';
import { MerkleTree } from '../merkle/tree.js';
import { openCheckpoint, parseCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { formatVerifier, parseNote, type NoteVerifier } from '../note/signed-note.js';
import type { StoredEntry } from '../replica.js';
import { FORMAT, type ProofBundle } from './bundle.js';
import { belongs, isKeyCommand } from './story.js';

/**
 * Makes the proof of a lease from the folder of a log, which may be in use.
 *
 * @throws {@link LedgerError} `NOT_FOUND`, when there is no such lease; `CORRUPT`, when the log is damaged
 */
export async function proveLease(folderPath: string, lease: string): Promise<ProofBundle> {
  const folder = resolve(folderPath);
  const note = await readIfThere(join(folder, FILES.checkpoint));
  if (note === undefined) {
    throw new LedgerError('NOT_FOUND', `There is no log in ${folder}. Name the folder that has ${FILES.log}.`);
  }
  const verifier = await readVerifier(folder);
  const cosigned = [...(await readCosigned(folder)).values()];
  const { entries, tree } = await storyOf(folder, lease);
  const checkpoints = merged(note, cosigned, verifier).filter(
    ({ head }) => head.size <= tree.size && tree.root(head.size).equals(head.root)
  );
  const last = checkpoints.some(({ head }) => head.size > (entries.at(-1)?.index ?? 0));
  if (!last) {
    throw new LedgerError('CORRUPT', `The log in ${folder} is damaged: run "jupyterflow-ledger fsck ${folder}".`);
  }
  return {
    format: FORMAT,
    lease,
    log: formatVerifier(verifier),
    checkpoints: checkpoints.map(({ text }) => text),
    entries: entries.map(({ index, time, signed }) => ({
      entry: { index, signed, time },
      proofs: checkpoints.flatMap(({ head: { size } }, checkpoint) =>
        size > index ? [{ checkpoint, hashes: tree.inclusion(index, size).map(hash => hash.toString('base64')) }] : []
      )
    }))
  };
}

async function storyOf(
  folder: string,
  lease: string
): Promise<{ readonly entries: readonly StoredEntry[]; readonly tree: MerkleTree }> {
  // The keys of all organizations are kept until it is known whose are needed: that follows from the lease.
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
    throw new LedgerError('NOT_FOUND', `There is no lease ${lease} in ${folder}. Look its id up with "show".`);
  }
  const organizations = new Set([
    record.organization,
    record.owner,
    // Whose witnesses cosign.
    ...(log.replica.record('consortium', 'settings')?.members ?? []).map(({ organization }) => organization)
  ]);
  const entries = [...found, ...(datasets.get(record.dataset) ?? [])]
    .filter(({ signed: { envelope } }) =>
      belongs(envelope.command, envelope.organization, lease, record.dataset, organizations)
    )
    .sort((a, b) => a.index - b.index);
  return { entries, tree };
}

interface Found {
  readonly text: string;
  readonly head: Checkpoint;
}

/** The checkpoints of the log, those of one tree as one note with all cosignatures; the log's own is the last one. */
function merged(own: string, cosigned: readonly string[], verifier: NoteVerifier): readonly Found[] {
  const byBody = new Map<string, Set<string>>();
  for (const note of [...cosigned, own]) {
    const body = parseNote(note)?.text;
    if (body !== undefined && openCheckpoint(note, verifier) !== undefined) {
      const lines = byBody.get(body) ?? new Set();
      note
        .slice(body.length + 1)
        .split('\n')
        .filter(line => line !== '')
        .forEach(line => lines.add(line));
      byBody.set(body, lines);
    }
  }
  return [...byBody].flatMap(([body, lines]) => {
    const head = parseCheckpoint(body);
    return head === undefined ? [] : [{ text: `${body}\n${[...lines].join('\n')}\n`, head }];
  });
}
