import { join } from 'node:path';
import { LedgerError } from '../errors.js';
import { createKeyPair, fingerprint, publicKeyOf } from '../keys.js';
import { emptyRoot } from '../merkle/hash.js';
import { openCheckpoint, signCheckpoint, type Checkpoint } from '../note/checkpoint.js';
import { formatVerifier, isKeyName, parseVerifier, type NoteVerifier } from '../note/signed-note.js';
import { shown } from '../shown.js';
import type { Disk } from './disk.js';
import { FILES, isThere, readIfThere, replaceFile } from './files.js';

/** The key of a log and what it last signed. */
export interface LogIdentity {
  readonly verifier: NoteVerifier;
  readonly privateKey: string;
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads the identity of a log, or gives one to a new log. Its checkpoint is made last: where it is, all is.
 *
 * @throws {@link LedgerError} `CORRUPT`, when it is not whole; `INVALID`, when the origin is no name, or that of another log
 */
export async function openIdentity(disk: Disk, folder: string, origin: string | undefined): Promise<LogIdentity> {
  const note = await readIfThere(join(folder, FILES.checkpoint));
  const identity = note === undefined ? await create(disk, folder, origin) : await load(folder, note);
  if (origin !== undefined && identity.verifier.name !== origin) {
    throw new LedgerError(
      'INVALID',
      `The log in ${folder} is ${identity.verifier.name}, not ${origin}. Open it by its own name, or use another folder.`
    );
  }
  return identity;
}

/**
 * Reads who signs a log.
 *
 * @throws {@link LedgerError} `CORRUPT`, when that can't be told
 */
export async function readVerifier(folder: string): Promise<NoteVerifier> {
  const line = await readIfThere(join(folder, FILES.publicKey));
  const verifier = line?.endsWith('\n') === true ? parseVerifier(line.slice(0, -1)) : undefined;
  return verifier ?? corrupt(folder, `${FILES.publicKey} is missing or damaged`);
}

async function create(disk: Disk, folder: string, origin: string | undefined): Promise<LogIdentity> {
  if (((await readIfThere(join(folder, FILES.log))) ?? '') !== '') {
    return corrupt(folder, `there are entries but no ${FILES.checkpoint}`);
  }
  const { publicKey, privateKey } = createKeyPair();
  const name = origin ?? `jupyterflow-ledger-${Buffer.from(fingerprint(publicKey), 'base64').toString('hex', 0, 8)}`;
  if (!isKeyName(name)) {
    throw new LedgerError(
      'INVALID',
      `The origin ${shown(JSON.stringify(name))} must have neither spaces nor plus signs nor control characters. Give the log another, such as example.org/ledger.`
    );
  }
  const verifier = { name, publicKey };
  const checkpoint = { origin: name, size: 0, root: emptyRoot() };
  const note = signCheckpoint(checkpoint, privateKey);
  await replaceFile(disk, folder, FILES.key, `${privateKey}\n`, 0o600);
  await replaceFile(disk, folder, FILES.publicKey, `${formatVerifier(verifier)}\n`);
  await replaceFile(disk, folder, FILES.log, '');
  await replaceFile(disk, folder, FILES.checkpoint, note);
  return { verifier, privateKey, note, checkpoint };
}

async function load(folder: string, note: string): Promise<LogIdentity> {
  if (!(await isThere(join(folder, FILES.log)))) {
    return corrupt(folder, `${FILES.log} is missing`);
  }
  const verifier = await readVerifier(folder);
  const privateKey = (await readIfThere(join(folder, FILES.key)))?.trim() ?? '';
  if (publicKeyIfAny(privateKey) !== verifier.publicKey) {
    return corrupt(folder, `${FILES.key} is missing or not the key of ${FILES.publicKey}`);
  }
  const checkpoint = openCheckpoint(note, verifier);
  return checkpoint === undefined
    ? corrupt(folder, `${FILES.checkpoint} is not signed by the log's key`)
    : { verifier, privateKey, note, checkpoint };
}

/** The public half of a secret key; undefined when that is none. */
export function publicKeyIfAny(privateKey: string): string | undefined {
  try {
    return publicKeyOf(privateKey);
  } catch {
    return undefined;
  }
}

/** @throws {@link LedgerError} `CORRUPT`, always */
export function corrupt(folder: string, what: string): never {
  throw new LedgerError('CORRUPT', `The log in ${folder} is damaged: ${what}. Restore the folder from a good copy.`);
}
