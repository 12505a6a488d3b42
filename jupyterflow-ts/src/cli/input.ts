import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { compile, type Compilation, type CompileOptions, type Source } from '../compile.js';
import { EXIT, Failure } from './failure.js';
import { sayDiagnostics } from './terminal.js';

/** A workflow as the user gave it. */
export interface Input {
  readonly source: Source;
  /** Real path of the folder of the file; the current folder for a command line. */
  readonly workspace: string;
}

export interface InputFlags {
  readonly filename?: string;
  readonly command?: string;
}

/** Larger files are not worth reading to say that they are too large. */
const MAX_BYTES = 16_000_000;

/** The command line wins over the file, as it always did. */
export async function readInput({ filename, command }: InputFlags): Promise<Input> {
  if (command !== undefined) return { source: chainOf(command), workspace: await realpath('.') };
  if (filename === undefined) throw new Failure(EXIT.failed, 'Provide either -f or -c option');
  const path = await realpath(filename).catch(() => undefined);
  if (path === undefined) throw new Failure(EXIT.failed, `No such file ${filename}`);
  return { source: { text: await readText(path, filename), file: filename }, workspace: dirname(path) };
}

/** Compiles, and says what is to be said about the file; a file with errors ends the command. */
export function compileInput(
  input: Input,
  options: Pick<CompileOptions, 'params' | 'name' | 'keepParams'> = {}
): Compilation & Required<Pick<Compilation, 'plan'>> {
  const compilation = compileQuietly(input, options);
  const { diagnostics, plan } = compilation;
  sayDiagnostics(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    input.source
  );
  if (plan === undefined) throw new Failure(EXIT.invalidFile, '', { code: 'INVALID_WORKFLOW' });
  return { ...compilation, plan };
}

export function compileQuietly(
  input: Input,
  options: Pick<CompileOptions, 'params' | 'name' | 'keepParams'>
): Compilation {
  return compile(input.source, { folder: basename(input.workspace), maxLength: MAX_BYTES, ...options });
}

async function readText(path: string, shown: string): Promise<string> {
  const { size, ...status } = await stat(path).then(found => ({ size: found.size, isFile: found.isFile() }));
  if (!status.isFile) throw new Failure(EXIT.usage, `${shown} is not a file`, { code: 'NOT_A_FILE' });
  if (size > MAX_BYTES)
    throw new Failure(EXIT.invalidFile, `${shown} has ${size} bytes; that is no workflow`, { code: 'TOO_LARGE' });
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new Failure(EXIT.usage, `${shown} can't be read: permission denied`, { code: 'UNREADABLE', cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const hint = 'Save it as UTF-8.';
    throw new Failure(EXIT.invalidFile, `${shown} is not UTF-8 text`, { code: 'NOT_UTF8', hint, cause });
  }
}

/** `a >> b` as a workflow of two jobs. JSON is YAML, so any command can be written in it. */
function chainOf(command: string): Source {
  const commands = command.split('>>').map(part => part.trim());
  const empty = commands.indexOf('');
  if (empty !== -1) {
    const where = empty === commands.length - 1 ? 'after the last' : 'before a';
    throw new Failure(EXIT.usage, `a command is missing ${where} >> in -c`, {
      code: 'USAGE',
      hint: 'Write: -c "a >> b"'
    });
  }
  const dags = commands.length === 1 ? [] : [commands.map((_, index) => index + 1).join(' >> ')];
  return { text: `${JSON.stringify({ jobs: commands, dags }, null, 1)}\n`, file: '-c' };
}
