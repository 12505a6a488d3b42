import { createHash } from 'node:crypto';
import { canonicalJson, type LeaseUse } from '@jupyterflow/ledger';
import type { Plan, PlanJob } from 'jupyterflow-ts';
import { allJobs } from 'jupyterflow-ts/core';

/**
 * What a run does with each of its leases.
 * @param jobs - names of the jobs that mount a lease, by its id
 */
export function usesOf(plan: Plan, jobs: ReadonlyMap<string, ReadonlySet<string>>): LeaseUse[] {
  return [...jobs].map(([lease, names]) => ({
    lease,
    algorithm: algorithmOf(allJobs(plan).filter(job => names.has(job.name)))
  }));
}

/**
 * SHA-256 of what jobs execute: of the canonical JSON (RFC 8785) of a list with the image, the program with its arguments,
 * the script and the environment of each, every distinct one once, sorted as text. Names of jobs and of files do not
 * matter; files that a job reads from its workspace are not covered.
 */
export function algorithmOf(jobs: readonly PlanJob[]): string {
  const executed = jobs.map(({ image, argv, script, env, envFrom }) =>
    canonicalJson({
      argv,
      env,
      ...(image !== undefined && { image }),
      ...(script !== undefined && { script }),
      ...(envFrom !== undefined && { envFrom })
    })
  );
  // A list of canonical texts is the canonical text of the list.
  return createHash('sha256')
    .update(`[${[...new Set(executed)].sort().join(',')}]`)
    .digest('hex');
}
