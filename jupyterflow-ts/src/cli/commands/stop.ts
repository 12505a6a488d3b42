import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { isOver } from '../watch.js';
import { print, say } from '../terminal.js';

/** How long nothing is said while a run is being stopped, ms. */
const QUIET_MS = 3000;

/** Ends a run and every process of it. */
export async function stop(reference: string, flags: BackendFlags): Promise<number> {
  const backend = await openBackend(flags);
  const run = await backend.find(reference);
  if (isOver(run)) {
    print(`${run.name} has ended already: ${run.state}\n`);
    return EXIT.ok;
  }
  const told = setTimeout(() => {
    say(
      `${run.name} is asked to stop; waiting for its end\n` +
        '  hint: If it takes long, see whether its engine is there: jupyterflow doctor. Ctrl-C ends only the waiting.\n'
    );
  }, QUIET_MS);
  await backend.stop(run.id).finally(() => clearTimeout(told));
  print(`${run.name} stopped\n`);
  return EXIT.ok;
}
