import { createHash, randomBytes } from 'node:crypto';
import type { EngineRun } from '../engines/engine.js';
import { allJobs } from '../plan/all-jobs.js';
import type { Plan } from '../plan/plan.js';
import type { RunView, SubmitRequest } from './backend.js';
import { EXIT } from './failure.js';
import { refusalAt } from './refusal.js';
import { HOW_TO_SET_PLATFORM } from './settings.js';

/** What an engine does not know of a run that the command handed to it. */
export interface DirectRun {
  /** Also the name of the run. */
  readonly id: string;
  readonly workflow: string;
  readonly workspace: string;
  readonly sourceDigest: string;
}

/** A run as the commands show it. */
export function viewOf(about: DirectRun, run: EngineRun, engine: RunView['engine']): RunView {
  return {
    id: about.id,
    name: about.id,
    workflow: about.workflow,
    engine,
    state: run.state,
    ...(run.reason === undefined ? {} : { reason: run.reason }),
    startedAt: isoTime(run.startedAt),
    ...(run.finishedAt === undefined ? {} : { finishedAt: isoTime(run.finishedAt) }),
    workspace: about.workspace,
    leases: [],
    jobs: run.jobs.map(job => {
      const { startedAt, finishedAt, dependsOn, ...rest } = job;
      return {
        ...rest,
        ...(startedAt === undefined ? {} : { startedAt: isoTime(startedAt) }),
        ...(finishedAt === undefined ? {} : { finishedAt: isoTime(finishedAt) }),
        dependsOn: [...dependsOn]
      };
    }),
    links: {},
    sourceDigest: about.sourceDigest
  };
}

/** @throws Failure when a job of the plan mounts leased data, which only a platform can give it */
export function refuseLeases(plan: Plan, request: SubmitRequest): void {
  const job = allJobs(plan).find(({ volumes }) => volumes.length > 0);
  const [volume] = job?.volumes ?? [];
  if (job === undefined || volume === undefined) return;
  const message = `job ${job.name} mounts the ${volume.kind} ${volume.ref}, and leased data can only be used through a platform`;
  const refusal = { exit: EXIT.refused, code: 'LEASE_NEEDS_PLATFORM', message, hint: HOW_TO_SET_PLATFORM };
  throw refusalAt(refusal, { job: job.name, path: ['volumes', 0, volume.kind] }, request);
}

/** A new id: the plan's name and five characters that can't be mistaken for one another, as Kubernetes' names end. */
export function newRunId({ name }: Pick<Plan, 'name'>): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = [...randomBytes(5)].map(byte => letters.charAt(byte % letters.length)).join('');
  return `${name}-${suffix}`;
}

/** SHA-256 of a workflow file, as runs keep it. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
