import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import type { BackendFlags } from '../settings.js';
import { elapsed } from '../states.js';
import { harmless, print, table } from '../terminal.js';

export interface ListFlags extends BackendFlags {
  readonly output: string;
}

/** The runs, the newest first. */
export async function list(flags: ListFlags): Promise<number> {
  const backend = await openBackend(flags);
  const runs = await backend.list();
  if (flags.output === 'name') print(runs.map(run => `${run.name}\n`).join(''));
  else if (flags.output !== 'text') await printValue(runs, flags.output);
  else {
    const rows = runs.map(run => [
      run.name,
      run.state,
      run.startedAt,
      elapsed(run),
      `${done(run.jobs)}/${run.jobs.length}`
    ]);
    print(harmless(table([['NAME', 'STATE', 'STARTED', 'TIME', 'JOBS'], ...rows])));
  }
  return EXIT.ok;
}

function done(jobs: readonly { readonly phase: string }[]): number {
  return jobs.filter(({ phase }) => phase === 'Succeeded' || phase === 'Skipped').length;
}
