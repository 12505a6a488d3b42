import type { EnvVar } from '../inherit/inherited.js';
import type { ContainerParts } from './container.js';
import { BRACE_REFERENCE, BRACE_VARIABLE } from './literal.js';
import type { Json } from './manifest.js';

/** What containers have in common, and what is left to each. */
export interface Shared {
  /** For `templateDefaults`, which Argo merges into each template: variables by name, mounts by path. */
  readonly defaults: Json;
  readonly containers: readonly Json[];
}

/**
 * Says once what several containers have in common: that keeps a workflow of thousands of jobs small enough for etcd.
 * A merge can't take anything away, so only what all of them have, if need be with another value, is shared.
 */
export function share(parts: readonly ContainerParts[], image: string): Shared {
  const fields = Object.fromEntries(
    commonEntries(
      parts.map(part => new Map(Object.entries(part.fields))),
      value => typeof value === 'string'
    )
  );
  const env = new Map(
    commonEntries(
      parts.map(part => part.env),
      isPlain
    )
  );
  // By this one a template says of which job it is.
  env.delete('JUPYTERFLOW_JOB');
  const mounts = commonEntries(
    parts.map(part => part.mounts),
    () => false
  );
  const sharedEnv = [...env.values()];
  const braceShared = sharedEnv.some(usesBrace) || (parts.length > 1 && parts.every(part => part.needsBrace));
  return {
    // Argo's schema wants an image here too; each template has its own.
    defaults: prune({ image, ...fields, env: withBrace(sharedEnv, braceShared), volumeMounts: [...mounts.values()] }),
    containers: parts.map(part => {
      const own = [...part.env].flatMap(([name, value]) => (same(env.get(name), value) ? [] : [value]));
      // Before the variables that use it: Kubernetes expands only what was defined earlier, and these come first.
      const needsOwn = own.some(usesBrace) || (part.needsBrace && !braceShared);
      return prune({
        image: part.image,
        ...part.program,
        ...Object.fromEntries(Object.entries(part.fields).filter(([key, value]) => !same(fields[key], value))),
        env: withBrace(own, needsOwn),
        volumeMounts: [...part.mounts].flatMap(([path, mount]) => (same(mounts.get(path), mount) ? [] : [mount]))
      });
    })
  };
}

/** Fields that all have with the same value. */
export function commonFields(all: readonly Json[]): Json {
  return Object.fromEntries(
    commonEntries(
      all.map(fields => new Map(Object.entries(fields))),
      () => false
    )
  );
}

/** Entries whose key all have, with the value of most of them where one value can be put over another. */
function commonEntries<T>(
  all: readonly ReadonlyMap<string, T>[],
  mayReplace: (value: T) => boolean
): ReadonlyMap<string, T> {
  const common = new Map<string, T>();
  for (const key of all[0]?.keys() ?? []) {
    if (!all.every(entries => entries.has(key))) continue;
    const values = all.map(entries => entries.get(key) as T);
    const value = mostCommon(values, mayReplace);
    if (value !== undefined) common.set(key, value);
  }
  return common;
}

/** The value that all have, or the one that most have and several do when each can be replaced by another. */
function mostCommon<T>(values: readonly T[], mayReplace: (value: T) => boolean): T | undefined {
  const [first] = values;
  if (values.every(value => same(value, first))) return first;
  if (!values.every(mayReplace)) return undefined;
  const counts = new Map<string, { value: T; count: number }>();
  for (const value of values) {
    const key = JSON.stringify(value);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { value, count: 1 });
    else known.count += 1;
  }
  let best: { value: T; count: number } | undefined;
  for (const one of counts.values()) if (one.count > (best?.count ?? 1)) best = one;
  return best?.value;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function isPlain(variable: EnvVar): boolean {
  return variable.value !== undefined;
}

function usesBrace({ value }: EnvVar): boolean {
  return value?.includes(BRACE_REFERENCE) === true;
}

function withBrace(env: readonly EnvVar[], needed: boolean): readonly EnvVar[] {
  return needed ? [BRACE_VARIABLE, ...env] : env;
}

/** Without empty lists. */
function prune(fields: Json): Json {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
  );
}
