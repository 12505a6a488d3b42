import type { Plan, PlanJob } from './plan.js';

/** The jobs of a plan, with the one that runs last. */
export function allJobs({ jobs, onExit }: Pick<Plan, 'jobs' | 'onExit'>): readonly PlanJob[] {
  return onExit === undefined ? jobs : [...jobs, onExit];
}
