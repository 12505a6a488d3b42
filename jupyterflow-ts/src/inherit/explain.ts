import type { RawFields } from '../plan/plan.js';
import type { Inheritance, Origin } from './inherit.js';
import type { EnvVar } from './inherited.js';
import { isSecretName } from './names.js';

/** One value that jobs inherit, for people. */
export interface Explanation {
  /** E.g. `image`, `env.LANG`, `volumeMounts.home`. */
  readonly what: string;
  /** On one line; of a secret only that there is one. */
  readonly value: string;
  readonly from: Origin;
}

const HIDDEN = '****';
const LISTS = ['env', 'volumes', 'volumeMounts'] as const;

/** What jobs inherit, value by value with its origin, and without secrets. */
export function explain({ spec, origins }: Inheritance): readonly Explanation[] {
  const fields = Object.entries(spec).filter(([key]) => !(LISTS as readonly string[]).includes(key));
  const entries = LISTS.flatMap(key =>
    (spec[key] ?? []).map((entry): [string, unknown] => [
      `${key}.${entry.name}`,
      key === 'env' ? shownVariable(entry as EnvVar) : without(entry, 'name')
    ])
  );
  return [...fields, ...entries].map(([what, value]) => ({
    what,
    value: typeof value === 'string' ? withoutPassword(value) : JSON.stringify(hideSecrets(value)),
    from: origins.get(what) ?? 'config'
  }));
}

function shownVariable({ name, value, valueFrom }: EnvVar): unknown {
  const secret = valueFrom?.['secretKeyRef'] as { readonly name?: string; readonly key?: string } | undefined;
  if (secret !== undefined) return `\${{ secrets.${secret.name ?? ''}.${secret.key ?? ''} }}`;
  if (value === undefined) return valueFrom ?? '';
  return isSecretName(name) ? HIDDEN : value;
}

/** The password of `scheme://user:password@host`. */
function withoutPassword(text: string): string {
  return text.replace(/(\b[a-z][-+.a-z0-9]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi, `$1${HIDDEN}@`);
}

/** Also deep inside, e.g. of a volume's options. */
function hideSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutPassword(value);
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      // The name of a secret is none.
      typeof inner === 'string' && isSecretName(key) && !/(name|key)$/i.test(key) ? HIDDEN : hideSecrets(inner)
    ])
  );
}

function without(fields: object, key: string): RawFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}
