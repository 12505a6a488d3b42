import type { Plan } from '../plan/plan.js';
import { referencesOfJob } from '../plan/text.js';
import type { ArgoProblem, Json } from './manifest.js';
import { nameInFile } from './names.js';
import { DEFAULT_BUDGET, type ArgoOptions } from './options.js';

/** What Argo has no way to say of a plan as a whole. */
export function planProblems(plan: Plan, options: ArgoOptions): readonly ArgoProblem[] {
  return [...priorityProblems(plan), ...statusProblems(plan), ...scheduleProblems(plan, options)];
}

/** Argo 3.5 has a CronWorkflow for each time, and each of them knows of its own runs only. */
function scheduleProblems({ schedule }: Plan, { argoVersion }: ArgoOptions): readonly ArgoProblem[] {
  if (argoVersion !== '3.5' || schedule === undefined || schedule.crons.length < 2) return [];
  const { concurrency = 'Allow' } = schedule;
  if (concurrency === 'Allow') return [];
  return [
    {
      id: 'argo-schedule-concurrency',
      severity: 'warning',
      message: `in Argo 3.5 each of the ${schedule.crons.length} times is a schedule of its own, and \`concurrency: ${concurrency}\` does not hold between them`,
      hint: 'Say all times in one cron line, or use Argo 3.6 or later.',
      path: ['schedule', 'concurrency']
    }
  ];
}

function priorityProblems(plan: Plan): readonly ArgoProblem[] {
  const numbers = new Map(plan.jobs.map(job => [job.priority, job]));
  const [first] = [...numbers].filter(([priority]) => typeof priority === 'number');
  if (first === undefined || numbers.size === 1) return [];
  return [
    {
      id: 'argo-priority-number',
      severity: 'warning',
      message: 'Argo orders whole runs by a number, not their jobs; the highest one is taken',
      hint: 'Name a priority class of the cluster to order jobs.',
      job: first[1].name,
      path: ['priority']
    }
  ];
}

/** Argo tells no status of a task with items, and how many items it will have is not known. */
function statusProblems(plan: Plan): readonly ArgoProblem[] {
  const dynamic = new Set(plan.jobs.flatMap(({ name, foreach }) => (foreach === undefined ? [] : [name])));
  return plan.jobs.flatMap(job => {
    const of = referencesOfJob(job).find(one => one.kind === 'status' && dynamic.has(one.job));
    if (of?.kind !== 'status') return [];
    return [
      {
        id: 'argo-group-status',
        severity: 'error',
        message: `Argo can't tell \`${nameInFile(job)}\` the status of \`${of.job}\`, whose \`foreach\` is known only while the run goes`,
        hint: `Ask for the status of a job that comes after \`${of.job}\`.`,
        job: job.name,
        path: ['when']
      }
    ] satisfies readonly ArgoProblem[];
  });
}

/** The spec has to fit into an object of the cluster. */
export function sizeProblems(spec: Json, { budget = DEFAULT_BUDGET }: ArgoOptions): readonly ArgoProblem[] {
  const size = new TextEncoder().encode(JSON.stringify(spec)).length;
  if (size <= budget) return [];
  return [
    {
      id: 'argo-spec-too-large',
      severity: 'error',
      message: `the spec of the Workflow has ${Math.ceil(size / 1024)} KiB; the limit is ${Math.floor(budget / 1024)} KiB, for with its status it has to fit into one object of the cluster`,
      hint: 'Use `foreach` or `copies` for jobs that are alike, put long texts into files, or split the workflow.',
      path: ['jobs']
    }
  ];
}
