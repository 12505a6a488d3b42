import type { JobForecast, Submission } from '../../engine.js';
import type { PlanJob } from '../../../plan/plan.js';
import { allJobs } from '../../../plan/all-jobs.js';
import { commandOf } from '../command.js';
import { graphOf } from '../graph.js';
import { worstPhase } from '../schedule.js';
import { resolveSecrets } from '../secrets.js';
import { isTrue, MissingValue, type Known, type Scope } from '../values.js';
import { look } from './look.js';
import { parentKeys, SKIPPED } from './parents.js';
import type { ResultStore } from './store.js';

/** What would become of each job if it were submitted now: nothing is started. */
export async function forecast(
  submission: Submission,
  store: ResultStore | undefined,
  machine: Readonly<Record<string, string>>
): Promise<readonly JobForecast[]> {
  const { plan, mounts } = submission;
  const graph = graphOf(plan.jobs);
  const secrets = await resolveSecrets(submission);
  const known = new Map<string, Known>();
  const keys = new Map<string, string>();
  const forecasts = new Map<string, JobForecast>();
  const scope = scopeOf(plan.jobs, known);

  const decide = async (job: PlanJob): Promise<Omit<JobForecast, 'name' | 'group'>> => {
    if (job.when !== undefined && !isTrue(job.when, scope)) {
      known.set(job.name, { name: job.name, phase: 'Skipped' });
      keys.set(job.name, SKIPPED);
      return { fresh: true, reason: 'its condition is false' };
    }
    if (store === undefined || job.cache === undefined) return { fresh: false, reason: 'it has no cache' };
    if (job.foreach !== undefined) return { fresh: false, reason: 'its items are known only while the run goes' };
    const before = plan.jobs.filter(({ name, group = name }) => [name, group].some(one => job.dependsOn.includes(one)));
    const parents = parentKeys(before, keys);
    if (parents === undefined) return { fresh: false, reason: 'a job before it always runs' };
    const command = commandOf(job, scope, secrets);
    const looked = await look(store, {
      submission,
      job,
      mounts: mounts.get(job.name) ?? [],
      command,
      parents,
      machine
    });
    if (looked.kind !== 'none') keys.set(job.name, looked.key);
    if (looked.kind !== 'hit') return { fresh: false, reason: looked.reason };
    known.set(job.name, { name: job.name, phase: 'Succeeded', outputs: looked.found.values });
    return { fresh: true, reason: `nothing changed since ${new Date(looked.found.at).toISOString()}` };
  };

  for (const node of graph.order) {
    const job = plan.jobs[node];
    if (job === undefined) continue;
    const decided = await decide(job).catch((error: unknown) => {
      if (error instanceof MissingValue) return { fresh: false, reason: error.message };
      throw error;
    });
    const { name, group } = job;
    forecasts.set(name, { name, ...(group === undefined ? {} : { group }), ...decided });
  }
  if (plan.onExit !== undefined) {
    const { name } = plan.onExit;
    forecasts.set(name, { name, fresh: false, reason: 'it always runs' });
  }
  return allJobs(plan).flatMap(({ name }) => forecasts.get(name) ?? []);
}

/** Only what is known before the run. */
function scopeOf(jobs: readonly PlanJob[], known: ReadonlyMap<string, Known>): Scope {
  const members = (name: string): readonly Known[] =>
    jobs
      .filter(job => job.name === name || job.group === name)
      .map(job => {
        const found = known.get(job.name);
        if (found === undefined) throw new MissingValue(`${job.name} runs first`);
        return found;
      });
  return {
    members,
    isGroup: name => !jobs.some(job => job.name === name),
    status: name => worstPhase(members(name).map(({ phase }) => phase)),
    lists: new Map()
  };
}
