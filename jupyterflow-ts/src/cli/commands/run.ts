import { parseDuration } from '../../plan/units.js';
import { EXIT } from '../failure.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import type { BackendFlags } from '../settings.js';
import { print } from '../terminal.js';
import { compileCommand } from './compile.js';

export interface RunFlags extends InputFlags, BackendFlags {
  readonly output: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly param?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** Starts a run; with --wait follows it to its end. */
export async function run(flags: RunFlags): Promise<number> {
  if (flags.dryRun === true)
    return compileCommand({ ...flags, output: flags.output === 'name' ? 'yaml' : flags.output });
  const { param: params = {}, name } = flags;
  const input = await readInput(flags);
  const compilation = compileInput(input, { params, ...(name === undefined ? {} : { name }) });
  const backend = await openBackend(flags);
  const started = await backend.submit({ ...input, compilation, params, ...(name === undefined ? {} : { name }) });
  if (flags.output === 'name') print(`${started.name}\n`);
  else await printValue(started, flags.output);
  if (flags.wait !== true) return EXIT.ok;
  const { followRun } = await import('../follow.js');
  return followRun(backend, started, flags.timeout === undefined ? undefined : parseDuration(flags.timeout));
}
