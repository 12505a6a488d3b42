import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareLoop, engineRuns } from './engine-runs.js';
import { compare, processOf, type Subject } from './measure.js';
import { peer } from './peers.js';

const JOBS = 1000;
const WIDTH = 8;

/** 1,000 jobs that do nothing, eight at once: beside a loop that spawns them bare, and Snakemake with the same jobs. */
export async function engine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const { subjects, close } = await engineRuns(folder, JOBS, WIDTH);
  try {
    return await compare(
      [{ name: 'bare spawn loop', work: () => bareLoop(JOBS, WIDTH) }, ...subjects, await snakemake(folder)],
      3
    );
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}

/** Each round forces all jobs, as a new run of the engine has nothing done. */
async function snakemake(folder: string): Promise<Subject> {
  const place = join(folder, 'snakemake');
  await mkdir(place);
  const jobs = `expand("done/{i}", i=range(${JOBS}))`;
  await writeFile(
    join(place, 'Snakefile'),
    `rule all:\n    input: ${jobs}\n\nrule job:\n    output: touch("done/{i}")\n    shell: "true"\n`
  );
  const args = [
    '--snakefile',
    join(place, 'Snakefile'),
    '--directory',
    place,
    '--cores',
    String(WIDTH),
    '--forceall',
    '--quiet'
  ];
  return processOf('Snakemake 9', join(await peer('snakemake'), 'snakemake'), args);
}
