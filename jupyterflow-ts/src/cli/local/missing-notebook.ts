import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { allJobs } from '../../plan/all-jobs.js';
import { notebookOf } from '../../plan/notebook.js';
import type { Plan } from '../../plan/plan.js';
import type { SubmitRequest } from '../backend.js';
import { EXIT } from '../failure.js';
import { refusalAt } from '../refusal.js';

/** @throws Failure when a notebook is not there; one of a job that waits for others can be made by them */
export function refuseMissingNotebooks(plan: Plan, request: SubmitRequest): void {
  for (const job of allJobs(plan)) {
    const notebook = notebookOf(job);
    if (notebook === undefined || job.dependsOn.length > 0 || job === plan.onExit) continue;
    const path = resolve(request.workspace, job.workdir ?? '.', notebook);
    if (existsSync(path)) continue;
    const refusal = {
      exit: EXIT.invalidFile,
      code: 'NOTEBOOK_MISSING',
      message: `job ${job.name} runs the notebook ${notebook}, which is not there`,
      hint: `It should be at ${path}.`
    };
    throw refusalAt(refusal, { job: job.name, path: ['notebook'] }, request);
  }
}
