import { EXIT } from '../failure.js';
import type { WaitFlags } from '../follow.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import { readParams, type ParamFlags } from '../params.js';
import type { BackendFlags } from '../settings.js';
import { selectionOf, selectPlan, type SelectFlags } from '../selection.js';
import { print } from '../terminal.js';
import { compileCommand } from './compile.js';

export interface RunFlags extends InputFlags, ParamFlags, SelectFlags, BackendFlags, WaitFlags {
  readonly output: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly name?: string;
}

/** Starts a run; with --wait or --follow shows it until it ends. */
export async function run(flags: RunFlags): Promise<number> {
  const { name, output } = flags;
  if (flags.dryRun === true) return compileCommand({ ...flags, output: output === 'name' ? 'yaml' : output });
  const params = await readParams(flags);
  const input = await readInput(flags);
  const named = name === undefined ? {} : { name };
  const select = selectionOf(flags);
  const compilation = selectPlan(compileInput(input, { params, ...named }), select);
  const backend = await openBackend(flags);
  const started = await backend.submit({
    ...input,
    compilation,
    params,
    ...named,
    ...(select === undefined ? {} : { select })
  });
  const waits = flags.wait === true || flags.follow === true;
  if (output === 'name') print(`${started.name}\n`);
  else if (!waits) await printValue(started, output);
  if (!waits) return EXIT.ok;
  const { followRun } = await import('../follow.js');
  const exit = await followRun(backend, started, flags);
  // Who wants more than the name wants it of the run as it ended.
  if (output !== 'name') await printValue(await backend.get(started.id), output);
  return exit;
}
