import type { PlanJob } from '../../../plan/plan.js';

/** Stands for the key of a job that was Skipped. */
export const SKIPPED = 'skipped';

/**
 * Keys of those of some jobs that have a cache, by name. Undefined when one of them has none, because its result can't be
 * told from another one: then neither can that of a job after it.
 */
export function parentKeys(
  jobs: readonly Pick<PlanJob, 'name' | 'cache'>[],
  keys: ReadonlyMap<string, string>
): Readonly<Record<string, string>> | undefined {
  const found = jobs.filter(({ cache }) => cache !== undefined).map(({ name }) => [name, keys.get(name)] as const);
  const known = found.flatMap(([name, key]) => (key === undefined ? [] : [[name, key] as const]));
  return known.length < found.length ? undefined : Object.fromEntries(known);
}
