import type { Plan, PlanJob, PlanText } from '../plan/plan.js';
import { isStored } from '../plan/text.js';
import type { ArgoProblem } from './manifest.js';
import { nameInFile } from './names.js';
import type { RunFolders } from './workspace.js';

const MENTION = 'TEMPORARY_FOLDER';

/** Jobs that name the folder of the run, where each job has a folder of its own instead. */
export function sharedFolderProblems({ jobs }: Plan, { isShared }: RunFolders): readonly ArgoProblem[] {
  if (isShared || jobs.length < 2) return [];
  return jobs.flatMap(job => {
    const key = keyWithMention(job);
    if (key === undefined) return [];
    return [
      {
        id: 'argo-temporary-folder',
        severity: 'warning',
        message: `\`${nameInFile(job)}\` uses ${MENTION}, and on this cluster the jobs of a run do not share it`,
        hint: 'Set `temporaryStorage: 10Gi` in ~/.jupyterflow.yaml, or give small values on as `outputs`.',
        job: job.name,
        path: [key]
      }
    ] satisfies readonly ArgoProblem[];
  });
}

function keyWithMention({ argv, script, env }: PlanJob): string | undefined {
  if (argv.some(mentions)) return 'command';
  if (script !== undefined && mentions(script)) return 'script';
  return env.some(({ value }) => !isStored(value) && mentions(value)) ? 'env' : undefined;
}

function mentions(text: PlanText): boolean {
  const parts = typeof text === 'string' ? [text] : text;
  return parts.some(part => typeof part === 'string' && part.includes(MENTION));
}
