import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinalityOptions, WitnessAddress } from '../finality.js';
import type { Disk } from './disk.js';
import { readIfThere, replaceFile } from './files.js';

const PREFIX = 'cosigned.';

/** The last checkpoints with a cosignature of each organization's witness, in the folder of the log. */
export async function readCosigned(folder: string): Promise<ReadonlyMap<string, string>> {
  const notes = new Map<string, string>();
  for (const file of (await readdir(folder)).filter(name => name.startsWith(PREFIX) && !name.endsWith('.new'))) {
    notes.set(file.slice(PREFIX.length), (await readIfThere(join(folder, file))) ?? '');
  }
  return notes;
}

/** How a log keeps what its witnesses cosigned. */
export async function cosignedIn(
  disk: Disk,
  folder: string,
  witnesses: readonly WitnessAddress[]
): Promise<Pick<FinalityOptions, 'kept' | 'keep'>> {
  return {
    kept: witnesses.length === 0 ? new Map() : await readCosigned(folder),
    keep: (organization, note) => replaceFile(disk, folder, `${PREFIX}${organization}`, note)
  };
}
