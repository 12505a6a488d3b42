import { canonicalJson } from '../canonical.js';
import type { SignedCommand } from '../commands.js';
import { entryHash } from '../entry.js';
import { isSignedBy, provesPossession } from '../keys.js';
import { rootOfProof } from '../merkle/inclusion.js';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { cosignedAt } from '../note/cosignature.js';
import { parseVerifier, type NoteVerifier } from '../note/signed-note.js';
import type { StoredEntry } from '../replica.js';
import { signedProblem } from '../rules/check.js';
import { LAST_TIME, MAX_TIME } from '../rules/limits.js';
import { names } from '../rules/wording.js';
import type { ProofBundle } from './bundle.js';
import { tell, type Story } from './story.js';

/** What the one who checks knows from elsewhere, and trusts. */
export interface Trust {
  /** Public keys of organizations by id, SPKI DER in base64: of now, or any that they had. */
  readonly organizations: ReadonlyMap<string, string>;
  /** Key of the log; absent: the witnesses of more than half of those organizations that have one must have cosigned. */
  readonly log?: NoteVerifier | undefined;
}

export type ProofResult = CheckedProof | BadProof;

export interface CheckedProof {
  readonly ok: true;
  readonly story: Story;
  /** Name of the log. */
  readonly origin: string;
  /** What it rests on: signatures of the log and of witnesses on trees that have all of the entries. */
  readonly anchors: readonly Anchor[];
}

export interface Anchor {
  /** Number of entries of the tree. */
  readonly size: number;
  /** Whether the log signed it with the trusted key. */
  readonly log: boolean;
  /** Organizations whose witnesses cosigned, with the time, seconds since 1970. */
  readonly witnesses: readonly { readonly organization: string; readonly time: number }[];
}

export interface BadProof {
  readonly ok: false;
  readonly problem: string;
}

/** Checks the proof of a lease with nothing but the keys that are trusted. */
export function checkProof(bundle: ProofBundle, trust: Trust): ProofResult {
  const entries = bundle.entries.map(({ entry }) => entry);
  const problem =
    entries.map(entryProblem).find(one => one !== undefined) ??
    orderProblem(entries) ??
    signatureProblem(entries, trust);
  if (problem !== undefined) {
    return bad(problem);
  }
  const verifier = parseVerifier(bundle.log);
  if (verifier === undefined) {
    return bad('the key of the log is none');
  }
  const story = tell(bundle.lease, entries);
  if ('problem' in story) {
    return bad(story.problem);
  }
  const unknown = [story.lease.owner, story.lease.organization].find(one => !trust.organizations.has(one));
  if (unknown !== undefined) {
    return bad(`the key of ${unknown} is not known: get it from ${unknown} and give it with --org-key ${unknown}=KEY`);
  }
  const anchors = anchorsOf(bundle, verifier, trust, story);
  if (typeof anchors === 'string') {
    return bad(anchors);
  }
  const missing = anchors.some(({ log }) => log) ? undefined : quorumProblem(anchors, trust, story);
  return missing === undefined ? { ok: true, story, origin: verifier.name, anchors } : bad(missing);
}

/**
 * Without the key of the log anybody may have made it, with a witness of their own. So the witnesses of more than half of
 * the organizations that are trusted and have one must have seen all entries; each in a tree of its own size, as they
 * cosign each for itself.
 */
function quorumProblem(anchors: readonly Anchor[], { organizations, log }: Trust, story: Story): string | undefined {
  const witnessed = [...story.organizations.values()]
    .filter(({ id, witness }) => witness !== undefined && organizations.has(id))
    .map(({ id }) => id)
    .sort();
  const cosigned = witnessed.filter(id =>
    anchors.some(({ witnesses }) => witnesses.some(({ organization }) => organization === id))
  );
  const needed = Math.floor(witnessed.length / 2) + 1;
  if (cosigned.length >= needed) {
    return undefined;
  }
  const who =
    cosigned.length === 0
      ? 'no witness of an organization whose key you gave cosigned'
      : `of the organizations whose keys you gave, only the witnesses of ${names(cosigned)} cosigned`;
  const need = witnessed.length === 0 ? 'none of them has one' : `${needed} of those of ${names(witnessed)} are needed`;
  const unsigned =
    log === undefined
      ? 'the key of the log is not known to you'
      : 'the key of the log that you gave signed no tree with all entries';
  return (
    `${who}, ${need}, and ${unsigned}: give the keys of more organizations with --org-key, ` +
    'or get log.pub from somebody you trust and give its line with --log-key'
  );
}

/** A checkpoint counts when all entries are proven to be in its tree. */
function anchorsOf(
  bundle: ProofBundle,
  verifier: NoteVerifier,
  trust: Trust,
  story: Story
): readonly Anchor[] | string {
  const anchors: Anchor[] = [];
  for (const [n, note] of bundle.checkpoints.entries()) {
    const head = openCheckpoint(note, verifier);
    if (head === undefined) {
      return `checkpoint ${n} is not signed by the key of ${verifier.name}`;
    }
    const missing = bundle.entries.find(({ proofs }) => proofs.every(({ checkpoint }) => checkpoint !== n));
    if (missing !== undefined) {
      continue;
    }
    const wrong = bundle.entries.find(({ entry, proofs }) =>
      proofs.some(({ checkpoint, hashes }) => checkpoint === n && !isIn(head, entry, hashes))
    );
    if (wrong !== undefined) {
      return `entry ${wrong.entry.index} is not in the tree of ${head.size} entries that was signed`;
    }
    anchors.push({
      size: head.size,
      log: trust.log !== undefined && canonicalJson(trust.log) === canonicalJson(verifier),
      witnesses: witnessesOf(note, trust, story)
    });
  }
  return anchors;
}

function isIn({ size, root }: Checkpoint, entry: StoredEntry, hashes: readonly string[]): boolean {
  return rootOfProof(entryHash(entry), { index: entry.index, size, hashes })?.equals(root) === true;
}

function witnessesOf(note: string, { organizations }: Trust, story: Story): Anchor['witnesses'] {
  return [...story.organizations.values()].flatMap(({ id, witness }) => {
    const time =
      witness === undefined || !organizations.has(id) ? undefined : cosignedAt(note, { name: id, publicKey: witness });
    return time === undefined || time * 1000 > MAX_TIME ? [] : [{ organization: id, time }];
  });
}

function entryProblem(entry: StoredEntry): string | undefined {
  const { index, time, signed } = entry;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(time) || Object.keys(entry).length !== 3) {
    return 'an entry is not as it must be';
  }
  return time < 0 || time > LAST_TIME
    ? `entry ${index} has a time that can not be: give the file that "prove" wrote`
    : signedProblem(signed)?.message;
}

function orderProblem(entries: readonly StoredEntry[]): string | undefined {
  const at = entries.findIndex((entry, n) => {
    const before = entries[n - 1];
    return before !== undefined && (entry.index <= before.index || entry.time < before.time);
  });
  return at === -1 ? undefined : `entry ${entries[at]?.index ?? at} is not in its order`;
}

/** Keys of an organization each of which follows from the one before: the old key and the new one signed the change. */
interface Chain {
  readonly keys: string[];
  /** Whether one of them signed a command of the story. */
  used: boolean;
}

/** Each command must be signed by the key of its organization then, and that key must lead to the one that is trusted. */
function signatureProblem(entries: readonly StoredEntry[], trust: Trust): string | undefined {
  const chains = new Map<string, Chain[]>();
  for (const { index, signed } of entries) {
    const { organization } = signed.envelope;
    const own = chains.get(organization) ?? [];
    const next = follow(own, signed);
    if (next === undefined) {
      return `entry ${index} is not signed by the key of ${organization}`;
    }
    chains.set(organization, next);
  }
  for (const [organization, key] of trust.organizations) {
    const own = chains.get(organization) ?? [];
    // The last one also says which key its witness has.
    if (own.some((chain, n) => (chain.used || n === own.length - 1) && !chain.keys.includes(key))) {
      return `the key of ${organization} is not the one you gave`;
    }
  }
  return undefined;
}

/** The chains of an organization after a command of it; undefined when its key then did not sign the command. */
function follow(chains: Chain[], signed: SignedCommand): Chain[] | undefined {
  const { command } = signed.envelope;
  const last = chains.at(-1);
  const isJoin = command.type === 'organization.join';
  const signer = isJoin ? command.publicKey : last?.keys.at(-1);
  if (signer === undefined || !isSignedBy(signed, signer) || !provesPossession(signed.envelope)) {
    return undefined;
  }
  if (isJoin && last?.keys.at(-1) !== signer) {
    // A first join, or that of one who was expelled and admitted anew: nothing leads from the old key to this one.
    return [...chains, { keys: [signer], used: false }];
  }
  if (command.type === 'organization.rotate') {
    last?.keys.push(command.publicKey);
  } else if (last !== undefined && !isJoin) {
    last.used = true;
  }
  return chains;
}

function bad(problem: string): BadProof {
  return { ok: false, problem };
}
