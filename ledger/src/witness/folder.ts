import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { realDisk } from '../embedded/disk.js';
import { readIfThere, replaceFile } from '../embedded/files.js';
import { takeLock } from '../embedded/lock.js';
import { LedgerError } from '../errors.js';
import { createKeyPair, publicKeyOf } from '../keys.js';
import { formatVerifier, isKeyName, parseNote, type NoteVerifier } from '../note/signed-note.js';
import { parseSeen } from './seen.js';
import type { Seen, WitnessMemory } from './witness.js';

const KEY = 'witness.key';
const PUBLIC_KEY = 'witness.pub';
/** The logs that the key ever cosigned, an origin a line: who lost what it saw of one of them must not cosign it. */
const COSIGNED = 'witness.logs';
/** How a witness begins anew when it can't tell any more what it saw. */
const BEGIN_ANEW =
  'Begin anew in an empty folder, and rotate the witness key of the organization (organization.rotate) to the one ' +
  'that --show-key prints there.';
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
  const unlock = await takeWitnessLock(folder);
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
    const cosigned = await readCosigned(folder);
    const seen = new Map<string, Seen>();
    for (const origin of origins) {
      const last = await readSeen(folder, origin, { name, publicKey });
      if (last !== undefined) {
        seen.set(origin, last);
      } else if (cosigned.has(origin)) {
        throw forgot(`The witness in ${folder} cosigned the log ${origin}, but ${seenFile(origin)} is gone`);
      }
    }
    if ([...seen.keys()].some(origin => !cosigned.has(origin))) {
      seen.forEach((_last, origin) => cosigned.add(origin));
      await writeCosigned(folder, cosigned);
    }
    return { privateKey, publicKey, memory: new FolderMemory(folder, seen, cosigned), close: unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function takeWitnessLock(folder: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(folder);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'LOCKED') {
      throw new LedgerError('LOCKED', error.message.replace('The ledger in', 'The witness in'), { cause: error });
    }
    throw error;
  }
}

async function createKey(folder: string, name: string): Promise<string> {
  if (await hasSeen(folder)) {
    throw new LedgerError(
      'CORRUPT',
      `The witness in ${folder} has lost its key. Restore ${KEY} alone from a copy, if there is one. Else: ${BEGIN_ANEW}`
    );
  }
  const { publicKey, privateKey } = createKeyPair();
  // The key last: where it is, all is.
  await replaceFile(realDisk, folder, PUBLIC_KEY, `${formatVerifier({ name, publicKey }, 'cosignature')}\n`);
  await writeCosigned(folder, new Set());
  await replaceFile(realDisk, folder, KEY, `${privateKey}\n`, 0o600);
  return privateKey;
}

class FolderMemory implements WitnessMemory {
  readonly #folder: string;
  readonly #seen: Map<string, Seen>;
  readonly #cosigned: Set<string>;

  constructor(folder: string, seen: Map<string, Seen>, cosigned: Set<string>) {
    this.#folder = folder;
    this.#seen = seen;
    this.#cosigned = cosigned;
  }

  last(origin: string): Seen | undefined {
    return this.#seen.get(origin);
  }

  async keep(origin: string, seen: Seen): Promise<void> {
    await replaceFile(realDisk, this.#folder, seenFile(origin), `${JSON.stringify(seen)}\n`);
    if (!this.#cosigned.has(origin)) {
      // After what was seen: a crash between the two leaves nothing that would look lost.
      await writeCosigned(this.#folder, new Set([...this.#cosigned, origin]));
      this.#cosigned.add(origin);
    }
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

/** The logs that were ever cosigned. */
async function readCosigned(folder: string): Promise<Set<string>> {
  const text = await readIfThere(join(folder, COSIGNED));
  // A key alone may be a copy, put back; folders of versions before this list have what was seen beside the key.
  if (text === undefined && !(await hasSeen(folder))) {
    throw forgot(`${COSIGNED} in ${folder} is gone, and all that was seen`);
  }
  return new Set(text?.split('\n').filter(line => line !== ''));
}

function writeCosigned(folder: string, origins: ReadonlySet<string>): Promise<void> {
  return replaceFile(realDisk, folder, COSIGNED, [...origins].map(origin => `${origin}\n`).join(''));
}

function forgot(what: string): LedgerError {
  return new LedgerError('CORRUPT', `${what}: the witness could be shown another history. ${BEGIN_ANEW}`);
}

async function hasSeen(folder: string): Promise<boolean> {
  return (await readdir(folder)).some(file => /^seen-\w+\.json$/.test(file));
}

async function readSeen(folder: string, origin: string, own: NoteVerifier): Promise<Seen | undefined> {
  const text = await readIfThere(join(folder, seenFile(origin)));
  if (text === undefined) {
    return undefined;
  }
  const seen = parseSeen(text, origin, own);
  if (seen === undefined) {
    throw forgot(`${seenFile(origin)} in ${folder} is damaged`);
  }
  return seen;
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
