import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { isOver } from '../watch.js';
import { print } from '../terminal.js';

/** Ends a run and every process of it. */
export async function stop(reference: string, flags: BackendFlags): Promise<number> {
  const backend = await openBackend(flags);
  const run = await backend.find(reference);
  if (isOver(run)) {
    print(`${run.name} has ended already: ${run.state}\n`);
    return EXIT.ok;
  }
  await backend.stop(run.id);
  print(`${run.name} stopped\n`);
  return EXIT.ok;
}
