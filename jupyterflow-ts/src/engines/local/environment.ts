import { join } from 'node:path';
import type { PlanJob } from '../../plan/plan.js';
import { staticText } from '../../plan/text.js';
import type { View } from './sandbox.js';

/** Folder of a job's outputs, relative to the folder that the jobs of a run share. */
export function outputFolder(job: string): string {
  return join('outputs', job);
}

/** The whole environment of an attempt; later ones win: the engine's own, the machine's, the job's. Nothing of this process. */
export function environmentOf(
  run: string,
  job: PlanJob,
  attempt: number,
  view: View,
  machine: Readonly<Record<string, string>>
): ReadonlyMap<string, string> {
  return new Map([
    ['HOME', view.home],
    ['LANG', 'C.UTF-8'],
    ['PATH', '/usr/local/bin:/usr/bin:/bin'],
    ['USER', 'jovyan'],
    ['JUPYTERFLOW_RUN', run],
    ['JUPYTERFLOW_JOB', job.name],
    ['JUPYTERFLOW_ATTEMPT', String(attempt)],
    ['TEMPORARY_FOLDER', view.temporary],
    ['OUTPUT_DIR', join(view.temporary, outputFolder(job.name))],
    ...Object.entries(machine),
    ...job.env.map(({ name, value }): [string, string] => [name, staticText(value)])
  ]);
}
