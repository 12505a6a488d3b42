import type { Backend, RunView } from './backend.js';
import { EXIT } from './failure.js';
import type { WaitFlags } from './follow.js';
import { printValue } from './output.js';
import type { BackendFlags } from './settings.js';
import { print } from './terminal.js';

/** Flags of the commands that start a run. */
export interface StartFlags extends BackendFlags, WaitFlags {
  readonly output: string;
  readonly wait?: boolean;
}

/** Prints the run that was started; with --wait or --follow shows it until it ends. */
export async function followStarted(backend: Backend, started: RunView, flags: StartFlags): Promise<number> {
  const waits = flags.wait === true || flags.follow === true;
  if (flags.output === 'name') print(`${started.name}\n`);
  else if (!waits) await printValue(started, flags.output);
  if (!waits) return EXIT.ok;
  const { followRun } = await import('./follow.js');
  const exit = await followRun(backend, started, flags);
  // Who wants more than the name wants it of the run as it ended.
  if (flags.output !== 'name') await printValue(await backend.get(started.id), flags.output);
  return exit;
}
