import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folder of the jobs' outputs in the folder that the jobs of a run share. */
const OUTPUTS = 'outputs';

/** Folder of a job's outputs, relative to the folder that the jobs of a run share. */
export function outputFolder(job: string): string {
  return join(OUTPUTS, job);
}

/** Makes the folder that the jobs of a run share, before the first of them begins; what is there already stays. */
export async function makeOutputRoot(temporary: string): Promise<void> {
  for (const folder of [temporary, join(temporary, OUTPUTS)])
    await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
}

/** Makes the folder of a job's outputs. What is in the shared folder is the jobs', so no link in it is followed. */
export function makeOutputFolder(temporary: string, job: string): void {
  const folder = openSync(join(temporary, OUTPUTS), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    mkdirSync(`/proc/self/fd/${folder}/${job}`, { mode: 0o700 });
  } catch (error) {
    ignoreExisting(error);
  } finally {
    closeSync(folder);
  }
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
