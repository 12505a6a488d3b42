import { EXIT, Failure } from './failure.js';
import { print } from './terminal.js';

/** Prints a value as `-o` says: json, yaml, or one field by kubectl's jsonpath. */
export async function printValue(value: unknown, format: string): Promise<void> {
  if (format === 'json') print(`${JSON.stringify(value, null, 2)}\n`);
  else if (format === 'yaml') print((await import('./yaml-output.js')).toYaml(value));
  else if (format.startsWith('jsonpath='))
    print(`${pickPath(value, format.slice('jsonpath='.length)).map(asText).join(' ')}\n`);
  else
    throw new Failure(EXIT.usage, `unknown output format ${format}`, {
      code: 'USAGE',
      hint: 'Use json, yaml or jsonpath={.name}.'
    });
}

/** The subset `{.a.b[0].c[*].d}`; the braces and the first dot may be left out. */
export function pickPath(value: unknown, expression: string): readonly unknown[] {
  const path = expression
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const steps = [...path.matchAll(/\.?([A-Za-z_][-\w]*)|\[(\d+|\*)\]|\.?\['([^']*)'\]/gy)];
  if (steps.reduce((length, [step]) => length + step.length, 0) !== path.length && path !== '.' && path !== '$') {
    throw new Failure(EXIT.usage, `can't read the jsonpath ${expression}`, {
      code: 'USAGE',
      hint: 'Write it like {.jobs[*].name}'
    });
  }
  return steps.reduce<readonly unknown[]>(
    (found, [, key, index, quoted]) => found.flatMap(one => step(one, key ?? quoted, index)),
    [value]
  );
}

function step(value: unknown, key: string | undefined, index: string | undefined): readonly unknown[] {
  if (Array.isArray(value)) {
    if (index === '*') return value;
    return index !== undefined && Number(index) < value.length ? [value[Number(index)]] : [];
  }
  if (typeof value !== 'object' || value === null || key === undefined || !Object.hasOwn(value, key)) return [];
  return [(value as Readonly<Record<string, unknown>>)[key]];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
