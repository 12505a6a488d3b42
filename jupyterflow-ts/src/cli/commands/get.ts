import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import type { BackendFlags } from '../settings.js';
import { describeRun } from '../states.js';
import { print } from '../terminal.js';

export interface GetFlags extends BackendFlags {
  readonly output: string;
}

/** One run with its jobs. */
export async function get(reference: string, { output, ...flags }: GetFlags): Promise<number> {
  const backend = await openBackend(flags);
  const found = await backend.find(reference);
  if (output === 'name') print(`${found.name}\n`);
  else if (output === 'text' || output === 'wide') print(describeRun(found, output === 'wide'));
  else await printValue(found, output);
  return EXIT.ok;
}
