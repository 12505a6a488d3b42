import type { StoredReference } from '../plan/plan.js';
import { isString, valueOf, type ScalarNode, type SourceNode, type Span } from '../source/node.js';
import { error, warning, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

/** One variable as a file spells it. */
export interface EnvEntry {
  readonly name: string;
  /** Absent when it is a key of a secret or of a ConfigMap in the Kubernetes spelling. */
  readonly value?: ScalarNode;
  readonly stored?: StoredReference;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** Names as the shell allows them; names of ours are given to jobs, not taken. */
export function checkEnvironment(model: Model): readonly Problem[] {
  return settingMaps(model).flatMap(map => {
    const seen = new Map<string, Span>();
    return envEntries(valueOf(map, 'env')).flatMap(({ name, value, nameSpan, valueSpan }) => {
      const first = seen.get(name);
      seen.set(name, nameSpan);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        const hint = 'Use letters, digits and _, with no digit first.';
        return [error('env-name-invalid', nameSpan, `\`${name}\` can't be the name of a variable`, hint)];
      }
      if (name.startsWith('JUPYTERFLOW_')) {
        return [
          error('env-name-reserved', nameSpan, `\`${name}\` is set by JupyterFlow itself`, 'Choose another name.')
        ];
      }
      if (value?.text.includes('\0') === true)
        return [error('env-nul', valueSpan, "a variable can't contain the character NUL")];
      if (first === undefined) return [];
      const related = [{ message: 'the first is here', span: first }];
      return [{ ...warning('env-duplicate', nameSpan, `\`${name}\` is set twice; this value is used`), related }];
    });
  });
}

/** The variables of either spelling, in their order. */
export function envEntries(env: SourceNode | undefined): readonly EnvEntry[] {
  if (env?.kind === 'map') {
    return env.entries.flatMap(({ key, keySpan, value }) =>
      value.kind === 'scalar' ? [{ name: key, value, nameSpan: keySpan, valueSpan: value.span }] : []
    );
  }
  if (env?.kind !== 'list') return [];
  return env.items.flatMap(item => {
    const name = valueOf(item, 'name');
    const value = valueOf(item, 'value');
    if (!isString(name)) return [];
    const stored = storedOf(valueOf(item, 'valueFrom'));
    return [
      {
        name: name.value,
        nameSpan: name.span,
        valueSpan: value?.span ?? name.span,
        ...(value?.kind === 'scalar' ? { value } : {}),
        ...(stored === undefined ? {} : { stored })
      }
    ];
  });
}

function storedOf(source: SourceNode | undefined): StoredReference | undefined {
  const [secret, configMap] = [valueOf(source, 'secretKeyRef'), valueOf(source, 'configMapKeyRef')];
  const [name, key] = [valueOf(secret ?? configMap, 'name'), valueOf(secret ?? configMap, 'key')];
  if (!isString(name) || !isString(key)) return undefined;
  return secret === undefined ? { configMap: name.value, key: key.value } : { secret: name.value, key: key.value };
}
