import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import type { BackendFlags } from '../settings.js';
import { describeRun } from '../states.js';
import { harmless, print } from '../terminal.js';

export interface GetFlags extends BackendFlags {
  readonly output: string;
}

/** One run with its jobs. */
export async function get(reference: string, flags: GetFlags): Promise<number> {
  const backend = await openBackend(flags);
  const found = await backend.find(reference);
  if (flags.output === 'name') print(`${found.name}\n`);
  else if (flags.output === 'text') print(harmless(describeRun(found)));
  else await printValue(found, flags.output);
  return EXIT.ok;
}
