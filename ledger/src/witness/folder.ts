import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { realDisk } from '../embedded/disk.js';
import { readIfThere, replaceFile } from '../embedded/files.js';
import { takeLock } from '../embedded/lock.js';
import { LedgerError } from '../errors.js';
import { createKeyPair, publicKeyOf } from '../keys.js';
import { formatVerifier, isKeyName, parseNote } from '../note/signed-note.js';
import type { Seen, WitnessMemory } from './witness.js';

const KEY = 'witness.key';
const PUBLIC_KEY = 'witness.pub';
/** Most accusations that are kept of a log: one is enough to convict it. */
const MAX_ACCUSATIONS = 20;

/** What a witness has in its folder. */
export interface WitnessFolder {
  /** PKCS#8 DER in base64: a secret. */
  readonly privateKey: string;
  /** SPKI DER in base64: what its organization joins the ledger with. */
  readonly publicKey: string;
  readonly memory: WitnessMemory;
  close(): Promise<void>;
}

/**
 * Opens the folder of a witness; a new one gets a key.
 *
 * @param origins - of the logs that it cosigns
 * @throws {@link LedgerError} `LOCKED`, `CORRUPT`, `INVALID`
 */
export async function openWitnessFolder(
  folder: string,
  name: string,
  origins: readonly string[]
): Promise<WitnessFolder> {
  if (!isKeyName(name)) {
    throw new LedgerError('INVALID', `The name ${JSON.stringify(name)} must have neither spaces nor plus signs.`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await takeLock(folder);
  try {
    const privateKey = (await readIfThere(join(folder, KEY)))?.trim() ?? (await createKey(folder, name));
    const publicKey = publicKeyOf(privateKey);
    const verifier = `${formatVerifier({ name, publicKey }, 'cosignature')}\n`;
    if ((await readIfThere(join(folder, PUBLIC_KEY))) !== verifier) {
      throw new LedgerError(
        'CORRUPT',
        `The witness in ${folder} has another name or key than ${name}. Start it under the name in ${PUBLIC_KEY}, or in a folder of its own.`
      );
    }
    const seen = new Map<string, Seen>();
    for (const origin of origins) {
      const last = await readSeen(folder, origin);
      if (last !== undefined) {
        seen.set(origin, last);
      }
    }
    return { privateKey, publicKey, memory: new FolderMemory(folder, seen), close: unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function createKey(folder: string, name: string): Promise<string> {
  if ((await readdir(folder)).some(file => file.startsWith('seen-'))) {
    throw new LedgerError(
      'CORRUPT',
      `The witness in ${folder} has lost its key. Restore ${KEY} from a copy, or begin anew in an empty folder.`
    );
  }
  const { publicKey, privateKey } = createKeyPair();
  // The public half first: where the key is, all is.
  await replaceFile(realDisk, folder, PUBLIC_KEY, `${formatVerifier({ name, publicKey }, 'cosignature')}\n`);
  await replaceFile(realDisk, folder, KEY, `${privateKey}\n`, 0o600);
  return privateKey;
}

class FolderMemory implements WitnessMemory {
  readonly #folder: string;
  readonly #seen: Map<string, Seen>;

  constructor(folder: string, seen: Map<string, Seen>) {
    this.#folder = folder;
    this.#seen = seen;
  }

  last(origin: string): Seen | undefined {
    return this.#seen.get(origin);
  }

  async keep(origin: string, seen: Seen): Promise<void> {
    await replaceFile(realDisk, this.#folder, seenFile(origin), `${JSON.stringify(seen)}\n`);
    this.#seen.set(origin, seen);
  }

  async accuse(origin: string, seen: Seen, note: string): Promise<void> {
    const prefix = `fork-${nameOf(origin)}-`;
    const already = (await readdir(this.#folder)).filter(file => file.startsWith(prefix));
    // By what is signed: the same two with other signatures prove nothing more.
    const name = `${prefix}${nameOf(`${textOf(seen.note)}\n${textOf(note)}`)}.txt`;
    if (already.length < MAX_ACCUSATIONS && !already.includes(name)) {
      await replaceFile(realDisk, this.#folder, name, `${seen.note}\n${note}`);
    }
  }
}

async function readSeen(folder: string, origin: string): Promise<Seen | undefined> {
  const text = await readIfThere(join(folder, seenFile(origin)));
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Seen;
  } catch {
    throw new LedgerError(
      'CORRUPT',
      `${seenFile(origin)} in ${folder} is damaged. Restore it from a copy: without it the witness could be shown another history.`
    );
  }
}

function seenFile(origin: string): string {
  return `seen-${nameOf(origin)}.json`;
}

function textOf(note: string): string {
  return parseNote(note)?.text ?? note;
}

/** A name for a file from a text that may have slashes. */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
