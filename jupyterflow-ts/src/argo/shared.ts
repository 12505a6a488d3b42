import type { EnvVar } from '../inherit/inherited.js';
import type { ContainerBase, ContainerParts } from './container.js';
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
export function share(parts: readonly ContainerParts[], base: ContainerBase, image: string): Shared {
  const fields = divide(
    new Map(),
    parts.map(part => new Map(Object.entries(part.fields))),
    value => typeof value === 'string'
  );
  // By JUPYTERFLOW_JOB a template says of which job it is.
  const env = divide(
    base.env,
    parts.map(part => part.env),
    ({ value }) => value !== undefined,
    'JUPYTERFLOW_JOB'
  );
  const mounts = divide(
    base.mounts,
    parts.map(part => part.mounts),
    () => false
  );
  const sharedEnv = [...env.common.values()];
  const braceShared = sharedEnv.some(usesBrace) || (parts.length > 1 && parts.every(part => part.needsBrace));
  return {
    // Argo's schema wants an image here too; each template has its own.
    defaults: {
      image,
      ...Object.fromEntries(fields.common),
      ...list('env', withBrace(sharedEnv, braceShared)),
      ...list('volumeMounts', [...mounts.common.values()])
    },
    containers: parts.map((part, at) => {
      const own = [...(env.own[at]?.values() ?? [])];
      // Before the variables that use it: Kubernetes expands only what was defined earlier, and these come first.
      const needsOwn = own.some(usesBrace) || (part.needsBrace && !braceShared);
      return {
        image: part.image,
        ...part.program,
        ...Object.fromEntries(fields.own[at] ?? []),
        ...list('env', withBrace(own, needsOwn)),
        ...list('volumeMounts', [...(mounts.own[at]?.values() ?? [])])
      };
    })
  };
}

/** Fields that all have with the same value. */
export function commonFields(all: readonly Json[]): Json {
  const [first = {}] = all;
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => all.every(one => same(one[key], value))));
}

interface Divided<T> {
  readonly common: ReadonlyMap<string, T>;
  /** What each has beside that. */
  readonly own: readonly ReadonlyMap<string, T>[];
}

/**
 * Takes out entries whose key all have, with the value of most of them where one value can be put over another.
 * @param base what all have, where they have nothing else
 * @param never a key that stays with each
 */
function divide<T>(
  base: ReadonlyMap<string, T>,
  parts: readonly ReadonlyMap<string, T>[],
  mayReplace: (value: T) => boolean,
  never?: string
): Divided<T> {
  const replaced = new Set(parts.flatMap(entries => [...entries.keys()].filter(key => base.has(key))));
  const moved = [...base].filter(([key]) => replaced.has(key));
  const all = moved.length === 0 ? parts : parts.map(entries => new Map([...moved, ...entries]));
  const common = new Map([...base].filter(([key]) => !replaced.has(key)));
  // One alone has nothing in common with others.
  for (const key of all.length > 1 ? (all[0]?.keys() ?? []) : []) {
    if (key === never || !all.every(entries => entries.has(key))) continue;
    const values = all.map(entries => entries.get(key) as T);
    const value = mostCommon(values, mayReplace);
    if (value !== undefined) common.set(key, value);
  }
  const own = all.map(entries => new Map([...entries].filter(([key, value]) => !same(common.get(key), value))));
  return { common, own };
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

function usesBrace({ value }: EnvVar): boolean {
  return value?.includes(BRACE_REFERENCE) === true;
}

function withBrace(env: readonly EnvVar[], needed: boolean): readonly EnvVar[] {
  return needed ? [BRACE_VARIABLE, ...env] : env;
}

function list(key: string, values: readonly unknown[]): Json {
  return values.length === 0 ? {} : { [key]: values };
}
