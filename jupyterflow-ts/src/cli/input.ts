import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Diagnostic } from '@jupyterflow/schema';
import type { DiagnosticId } from '../catalogue/index.js';
import { compile, type Compilation, type CompileOptions, type Source } from '../compile.js';
import { LineTable } from '../source/lines.js';
import { decodeUtf8 } from '../source/utf8.js';
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
  if (size > MAX_BYTES) {
    const start = { line: 1, column: 1 };
    const message = `the file has ${size} bytes; the limit is ${MAX_BYTES}`;
    const hint = 'Put data into other files, which the jobs read.';
    throw invalid(
      EXIT.invalidFile,
      { text: '', file: shown },
      { start, end: start },
      { id: 'too-large', message, hint }
    );
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new Failure(EXIT.usage, `${shown} can't be read: permission denied`, { code: 'UNREADABLE', cause });
  }
  return decodeUtf8(bytes);
}

/** `a >> b` as a workflow of two jobs. JSON is YAML, so any command can be written in it. */
function chainOf(command: string): Source {
  const commands = command.split('>>').map(part => part.trim());
  const empty = commands.indexOf('');
  if (empty !== -1) throw missingCommand(command, empty);
  const dags = commands.length === 1 ? [] : [commands.map((_, index) => index + 1).join(' >> ')];
  return { text: `${JSON.stringify({ jobs: commands, dags }, null, 1)}\n`, file: '-c' };
}

/** Points to the arrow before the missing command; of the first one to that after it. */
function missingCommand(command: string, index: number): Failure {
  const arrows = [...command.matchAll(/>>/g)].map(arrow => arrow.index);
  const at = arrows[Math.max(0, index - 1)];
  const where = index === arrows.length ? 'after the last' : 'before a';
  const message = at === undefined ? 'the command is empty' : `a command is missing ${where} >>`;
  const span = { start: at ?? 0, end: at === undefined ? 0 : at + 2 };
  return invalid(EXIT.usage, { text: command, file: '-c' }, new LineTable(command).range(span), {
    id: at === undefined ? 'command-empty' : 'edge-syntax',
    message,
    hint: 'Write: -c "a >> b"'
  });
}

/** A workflow of which so much is wrong that it can't be compiled. */
function invalid(
  exit: number,
  source: Source,
  range: Diagnostic['range'],
  problem: { readonly id: DiagnosticId; readonly message: string; readonly hint: string }
): Failure {
  const { id, message, hint } = problem;
  const diagnostic: Diagnostic = { id, severity: 'error', message, hint, file: source.file, range, related: [] };
  return new Failure(exit, '', { code: 'INVALID_WORKFLOW', source, diagnostics: [diagnostic] });
}
