import { readFile, stat } from 'node:fs/promises';
import { LineTable } from '../source/lines.js';
import { readYaml } from '../source/read.js';
import { EXIT, Failure } from './failure.js';

export interface ParamFlags {
  readonly param?: Readonly<Record<string, string>>;
  /** A YAML or JSON file with a map. */
  readonly params?: string;
}

const MAX_BYTES = 1_000_000;

/** Values of parameters: those of the file, and over them those of the command line. */
export async function readParams({ param = {}, params }: ParamFlags): Promise<Readonly<Record<string, string>>> {
  if (params === undefined) return param;
  const values = await readValues(params);
  return Object.fromEntries([...Object.entries(values), ...Object.entries(param)]);
}

async function readValues(file: string): Promise<Readonly<Record<string, string>>> {
  const text = await readText(file);
  const { root, problems } = readYaml(text);
  const lines = new LineTable(text);
  const refuse = (at: number, message: string): Failure => {
    const { line, column } = lines.position(at);
    return new Failure(EXIT.usage, `${file}:${line}:${column}: ${message}`, {
      code: 'PARAMS',
      hint: 'Write a map of names and values, one a line: epochs: 20'
    });
  };
  const [problem] = problems.filter(({ id }) => id !== 'empty-file');
  if (problem !== undefined) throw refuse(problem.span.start, problem.message);
  if (root === undefined) return {};
  if (root.kind !== 'map') throw refuse(root.span.start, 'the values of parameters must be a map');
  return Object.fromEntries(
    root.entries.map(({ key, value }) => {
      if (value.kind !== 'scalar' || value.value === null)
        throw refuse(value.span.start, `the value of ${key} must be a text, a number, true or false`);
      // A number stays as it is spelled: 010, 1.50.
      return [key, typeof value.value === 'string' ? value.value : value.text];
    })
  );
}

async function readText(file: string): Promise<string> {
  const size = await stat(file).then(
    found => (found.isFile() ? found.size : undefined),
    () => undefined
  );
  if (size === undefined) throw new Failure(EXIT.usage, `No such file ${file}`, { code: 'PARAMS' });
  if (size > MAX_BYTES)
    throw new Failure(EXIT.usage, `${file} has ${size} bytes; that is too much`, { code: 'PARAMS' });
  return readFile(file, 'utf8');
}
