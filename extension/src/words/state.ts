import type { Dataset, JobState, Lease, LeaseState, Run } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import { clockTime } from './duration';

/** What a dataset is to the caller now. */
export type Standing = 'open' | 'taken' | 'yours' | 'requested';

/** The standing of a dataset: a request that waits counts before what others hold. */
export function standing(dataset: Dataset): Standing {
  return dataset.lease?.state === 'requested' && dataset.availability !== 'yours' ? 'requested' : dataset.availability;
}

/** The standing in words: "Open", "In use until 14:32", "Yours until 17:00", "Requested". */
export function standingWords(dataset: Dataset, now: number, trans: TranslationBundle): string {
  const at = (time: string | undefined): string | undefined => time && clockTime(Date.parse(time), now);
  const state = standing(dataset);
  switch (state) {
    case 'open':
      return trans.__('Open');
    case 'requested':
      return trans.__('Requested');
    case 'taken': {
      const until = at(dataset.takenUntil);
      return until ? trans.__('In use until %1', until) : trans.__('In use');
    }
    case 'yours': {
      const until = at(dataset.lease?.expiresAt);
      return until ? trans.__('Yours until %1', until) : trans.__('Yours');
    }
  }
}

/** The state of a lease at a time: expiry is a fact of time, not of the last answer. */
export function leaseState(lease: Lease, now: number): LeaseState {
  const over = lease.state === 'active' && lease.expiresAt !== undefined && Date.parse(lease.expiresAt) <= now;
  return over ? 'expired' : lease.state;
}

/** The state of a lease in words. */
export function leaseWords(state: LeaseState, trans: TranslationBundle): string {
  const words: Record<LeaseState, string> = {
    requested: trans.__('Requested'),
    active: trans.__('Active'),
    released: trans.__('Released'),
    expired: trans.__('Expired'),
    revoked: trans.__('Revoked by the owner'),
    denied: trans.__('Denied')
  };
  return words[state];
}

/** The phase of a run or a job in words. */
export function phaseWords(phase: JobState, trans: TranslationBundle): string {
  const words: Record<JobState, string> = {
    Pending: trans.__('Waiting'),
    Running: trans.__('Running'),
    Succeeded: trans.__('Succeeded'),
    Failed: trans.__('Failed'),
    Error: trans.__('Error'),
    Skipped: trans.__('Skipped'),
    Omitted: trans.__('Not run')
  };
  return words[phase];
}

/** Whether a run still goes on. */
export function isActive(run: Pick<Run, 'state'>): boolean {
  return run.state === 'Pending' || run.state === 'Running';
}

/** How many jobs of a run are done, of how many. */
export function progress(run: Pick<Run, 'jobs'>): { readonly done: number; readonly total: number } {
  const open = run.jobs.filter(({ phase }) => phase === 'Pending' || phase === 'Running').length;
  return { done: run.jobs.length - open, total: run.jobs.length };
}

/** Why a run ended badly, in one line: what was done to it, else what happened in the first job that failed. */
export function runReason(run: Run, trans: TranslationBundle): string | undefined {
  const job = run.jobs.find(({ phase }) => phase === 'Failed' || phase === 'Error');
  if (run.state !== 'Failed' && run.state !== 'Error') {
    return undefined;
  }
  if (!job || (run.state === 'Error' && run.reason)) {
    return run.reason;
  }
  const why = job.exitCode === undefined ? job.reason : trans.__('exit %1', job.exitCode);
  return why ? trans.__('%1: %2', job.name, why) : run.reason;
}
