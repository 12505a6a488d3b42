import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareLoop, engineRuns } from './engine-runs.js';
import { compare } from './measure.js';

const JOBS = 100;

/** What a sandbox costs: jobs that do nothing, one at a time, so that a row divided by 100 is the time of one. */
export async function sandbox(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const { subjects, close } = await engineRuns(folder, JOBS, 1);
  try {
    return await compare([{ name: 'bare spawn loop', work: () => bareLoop(JOBS, 1) }, ...subjects], 3);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}
