import type { EnginePlace } from '../../engines/engine.js';
import { allJobs } from '../../plan/all-jobs.js';
import type { Plan } from '../../plan/plan.js';
import { isStored, storeOf } from '../../plan/text.js';
import { localSecrets } from './secrets.js';

/** The setting that names the first secret or ConfigMap of a plan that is not on this machine, or can't be used. */
export async function placeOfMissing(plan: Plan): Promise<EnginePlace | undefined> {
  const look = (kind: 'secret' | 'configMap', name: string): Promise<ReadonlyMap<string, string> | undefined> =>
    localSecrets(kind, name).catch(() => undefined);
  for (const { name: job, env, envFrom = [] } of allJobs(plan)) {
    for (const [at, { kind, name, optional }] of envFrom.entries()) {
      if (optional !== true && (await look(kind, name)) === undefined) return { job, path: ['envFrom', at] };
    }
    for (const { name, value } of env) {
      if (!isStored(value)) continue;
      const store = storeOf(value);
      if ((await look(store.kind, store.name))?.has(value.key) !== true) return { job, path: ['env', name] };
    }
  }
  return undefined;
}
