import type { EngineJob, EngineRun } from '../engine.js';

/** A run that was going when its engine died. */
export function interrupted(run: EngineRun, reason: string, now: number): EngineRun {
  const jobs = run.jobs.map((job): EngineJob =>
    job.phase === 'Pending' || job.phase === 'Running' ? { ...job, phase: 'Error', reason, finishedAt: now } : job
  );
  return { ...run, jobs, state: 'Error', reason, finishedAt: now };
}
