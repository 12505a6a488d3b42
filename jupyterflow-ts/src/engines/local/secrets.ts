import { allJobs } from '../../plan/all-jobs.js';
import type { PlanJob, StoredReference } from '../../plan/plan.js';
import { isStored, storeOf } from '../../plan/text.js';
import { EngineError, type Submission } from '../engine.js';

type Kind = 'secret' | 'configMap';

/** The secrets and ConfigMaps that the jobs of a run name, as they were when it was submitted. Only in memory. */
export class Secrets {
  readonly #values: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(values: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#values = values;
  }

  value(reference: StoredReference): string {
    const { kind, name } = storeOf(reference);
    return this.all(kind, name).get(reference.key) ?? '';
  }

  all(kind: Kind, name: string): ReadonlyMap<string, string> {
    return this.#values.get(keyOf(kind, name)) ?? new Map();
  }
}

/**
 * Looks up what the jobs of a submission name.
 * @throws EngineError SECRET_MISSING when one of them, or a key of one, is not there.
 */
export async function resolveSecrets({ plan, secrets }: Submission): Promise<Secrets> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  const look = async (kind: Kind, name: string): Promise<ReadonlyMap<string, string> | undefined> => {
    const key = keyOf(kind, name);
    const values = found.get(key) ?? (await secrets?.(kind, name));
    if (values !== undefined) found.set(key, values);
    return values;
  };
  for (const job of allJobs(plan)) {
    for (const { kind, name, optional } of job.envFrom ?? []) {
      if ((await look(kind, name)) === undefined && optional !== true) missing(job, `the ${kind} ${name}`);
    }
    for (const { value } of job.env) {
      if (!isStored(value)) continue;
      const { kind, name } = storeOf(value);
      const values = await look(kind, name);
      if (values === undefined) missing(job, `the ${kind} ${name}`);
      if (!values.has(value.key)) missing(job, `the key ${value.key} of the ${kind} ${name}`);
    }
  }
  for (const values of found.values()) {
    for (const value of values.values()) {
      if (value.includes('\0'))
        throw new EngineError(
          'INVALID_SUBMISSION',
          'a secret or ConfigMap holds a NUL character, which no variable can'
        );
    }
  }
  return new Secrets(found);
}

function missing(job: PlanJob, what: string): never {
  throw new EngineError('SECRET_MISSING', `job ${job.name} needs ${what}, which is not there`);
}

function keyOf(kind: Kind, name: string): string {
  return `${kind}/${name}`;
}
