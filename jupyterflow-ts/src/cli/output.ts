import { EXIT, Failure } from './failure.js';
import { print } from './terminal.js';

/** Is it one of the formats that print the whole value? */
export function isStructured(format: string): boolean {
  return format === 'json' || format === 'yaml' || format.startsWith('jsonpath=');
}

/** Prints a value as `-o` says: json, yaml, or what kubectl's jsonpath picks of it. */
export async function printValue(value: unknown, format: string): Promise<void> {
  if (format === 'json') print(`${JSON.stringify(value, null, 2)}\n`);
  else if (format === 'yaml') print((await import('./yaml-output.js')).toYaml(value));
  else if (format.startsWith('jsonpath=')) {
    const { renderJsonPath } = await import('./jsonpath.js');
    const text = renderJsonPath(value, format.slice('jsonpath='.length));
    print(text.endsWith('\n') ? text : `${text}\n`);
  } else
    throw new Failure(EXIT.usage, `unknown output format ${format}`, {
      code: 'USAGE',
      hint: 'Use json, yaml or jsonpath={.name}.'
    });
}
