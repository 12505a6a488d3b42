import type { JobForecast } from '../engines/engine.js';
import type { Plan } from '../plan/plan.js';
import { EXIT } from './failure.js';
import { isStructured, printValue } from './output.js';
import { table } from './table.js';
import { print } from './terminal.js';

/**
 * Tells what a run would do, and starts nothing.
 * @param forecast undefined where only the run itself finds out
 */
export async function showPlan(
  plan: Plan,
  forecast: readonly JobForecast[] | undefined,
  output: string
): Promise<number> {
  const jobs = forecast ?? plan.jobs.map(unknownForecast);
  if (isStructured(output)) await printValue(jobs, output);
  else {
    const rows = jobs.map(({ name, fresh, reason }) => [name, fresh ? 'no' : 'yes', reason]);
    const count = jobs.filter(({ fresh }) => !fresh).length;
    print(`${table([['JOB', 'RUNS', 'WHY'], ...rows])}\n${count} of ${jobs.length} jobs would run\n`);
  }
  return EXIT.ok;
}

function unknownForecast({ name, group, dependsOn, when }: Plan['jobs'][number]): JobForecast {
  const after = dependsOn.length === 0 ? 'at once' : `after ${dependsOn.join(', ')}`;
  const reason = when === undefined ? after : `${after}, if its condition holds`;
  return { name, ...(group === undefined ? {} : { group }), fresh: false, reason };
}
