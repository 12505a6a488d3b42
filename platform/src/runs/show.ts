import { resultState, type ResultHold as LedgerResultHold, type RunRecord } from '@jupyterflow/ledger';
import type { ResultHold, Run, RunJob } from '@jupyterflow/schema';
import type { EngineJob, EngineRun, Plan } from 'jupyterflow-ts';
import { allJobs } from 'jupyterflow-ts/core';

/** What the ledger keeps of a run for the platform: see {@link factsOf}. */
export interface Facts {
  readonly name: string;
  readonly workflow: string;
  readonly workspace: string;
  readonly engine: 'local' | 'argo';
  readonly sourceDigest: string;
  readonly jobs: readonly { readonly name: string; readonly dependsOn: readonly string[] }[];
}

/** The facts of a new run. Nothing of what the jobs do, or with which values, is in them. */
export function factsOf(plan: Plan, facts: Omit<Facts, 'workflow' | 'jobs'>): Facts {
  return { ...facts, workflow: plan.name, jobs: allJobs(plan).map(({ name, dependsOn }) => ({ name, dependsOn })) };
}

/**
 * A run as the API shows it. Whether it has ended is what the ledger says; its jobs are what the engine says.
 * @param live - undefined when the engine does not know the run (any more)
 */
export function showRun(record: RunRecord, live: EngineRun | undefined): Run {
  const facts = record.facts as unknown as Facts;
  const { id, user, organization, reason, startedAt, finishedAt, leases, results } = record;
  const state = record.state === 'Running' && live?.state === 'Pending' ? 'Pending' : record.state;
  return {
    id,
    name: facts.name,
    workflow: facts.workflow,
    user,
    organization,
    engine: facts.engine,
    state,
    ...(reason !== undefined && { reason }),
    startedAt: iso(startedAt),
    ...(finishedAt !== undefined && { finishedAt: iso(finishedAt) }),
    workspace: facts.workspace,
    leases: [...leases],
    ...(results && { results: results.map(showHold) }),
    jobs: live
      ? live.jobs.map(job => showJob(job, resultState(record) === 'released'))
      : facts.jobs.map(job => lostJob(job, record)),
    links: {},
    sourceDigest: facts.sourceDigest
  };
}

/** @param released - whether outputs may be handed out */
function showJob(job: EngineJob, released: boolean): RunJob {
  const { name, group, phase, reason, exitCode, startedAt, finishedAt, attempts, dependsOn, outputs, cached } = job;
  return {
    name,
    ...(group !== undefined && { group }),
    phase,
    ...(cached && { cached }),
    ...(reason !== undefined && { reason }),
    ...(exitCode !== undefined && { exitCode }),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: iso(finishedAt) }),
    attempts,
    dependsOn: [...dependsOn],
    ...(outputs && released && { outputs: { ...outputs } })
  };
}

function showHold({ owner, datasets, state, decidedAt, user, reason }: LedgerResultHold): ResultHold {
  return {
    owner,
    datasets: [...datasets],
    state,
    ...(decidedAt !== undefined && { decidedAt: iso(decidedAt) }),
    ...(user !== undefined && { user }),
    ...(reason !== undefined && { reason })
  };
}

/** A job that the engine knows nothing of: never begun, or of a run that ended without it. */
function lostJob(job: Facts['jobs'][number], record: RunRecord): RunJob {
  const phase = record.state === 'Running' ? 'Pending' : record.state === 'Succeeded' ? 'Succeeded' : 'Omitted';
  return { name: job.name, phase, attempts: 0, dependsOn: [...job.dependsOn] };
}

const iso = (time: number): string => new Date(time).toISOString();
