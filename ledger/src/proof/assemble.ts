import type { Entry } from '../ledger.js';
import type { MerkleTree } from '../merkle/tree.js';
import { openCheckpoint, parseCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { formatVerifier, parseNote, type NoteVerifier } from '../note/signed-note.js';
import type { ConsortiumRecord, LeaseRecord } from '../state.js';
import { FORMAT, type ProofBundle } from './bundle.js';
import { belongs } from './story.js';

/** The log that a proof is made from. */
export interface ProvenLog {
  readonly verifier: NoteVerifier;
  /** Checkpoints with the cosignatures of witnesses, and the log's own as the last one. */
  readonly notes: readonly string[];
  readonly tree: MerkleTree;
}

/** Tells which entries tell the story of a lease. */
export function storyFilter(
  { id, dataset, organization, owner }: LeaseRecord,
  consortium: ConsortiumRecord | undefined
): (entry: Entry) => boolean {
  // With those whose witnesses cosign.
  const members = (consortium?.members ?? []).map(one => one.organization);
  const organizations = new Set([organization, owner, ...members]);
  return ({ signed: { envelope } }) => belongs(envelope.command, envelope.organization, id, dataset, organizations);
}

/**
 * Puts a proof together.
 *
 * @param entries - those of the story, in order
 * @returns undefined when no checkpoint of the log covers all of them
 */
export function assembleProof(
  lease: string,
  entries: readonly Entry[],
  { verifier, notes, tree }: ProvenLog
): ProofBundle | undefined {
  const checkpoints = merged(notes, verifier).filter(
    ({ head }) => head.size <= tree.size && tree.root(head.size).equals(head.root)
  );
  if (!checkpoints.some(({ head }) => head.size > (entries.at(-1)?.index ?? 0))) {
    return undefined;
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

interface Found {
  readonly text: string;
  readonly head: Checkpoint;
}

/** Checkpoints, those of one tree as one note with all cosignatures. */
function merged(notes: readonly string[], verifier: NoteVerifier): readonly Found[] {
  const byBody = new Map<string, Set<string>>();
  for (const note of notes) {
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
