import type { RunView } from '../backend.js';
import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import { printValue } from '../output.js';
import type { BackendFlags } from '../settings.js';
import { elapsed } from '../states.js';
import { table } from '../table.js';
import { print, say } from '../terminal.js';

export interface ListFlags extends BackendFlags {
  readonly output: string;
  readonly state?: RunView['state'];
  readonly limit?: number;
}

/** The runs, the newest first. */
export async function list({ state, limit, output, ...flags }: ListFlags): Promise<number> {
  const backend = await openBackend(flags);
  const runs = await backend.list({
    ...(state === undefined ? {} : { state }),
    ...(limit === undefined ? {} : { limit })
  });
  if (output === 'name') print(runs.map(run => `${run.name}\n`).join(''));
  else if (output !== 'text' && output !== 'wide') await printValue(runs, output);
  else if (runs.length === 0)
    say(`No runs${state === undefined ? '' : ` are ${state}`}. Start one: jupyterflow run -f workflow.yaml\n`);
  else print(tableOf(runs, output === 'wide'));
  return EXIT.ok;
}

function tableOf(runs: readonly RunView[], wide: boolean): string {
  const head = ['NAME', 'STATE', 'STARTED', 'TIME', 'JOBS', ...(wide ? ['ENGINE', 'FOLDER', 'LEASES', 'REASON'] : [])];
  const rows = runs.map(run => [
    run.name,
    run.state,
    run.startedAt,
    elapsed(run),
    `${done(run.jobs)}/${run.jobs.length}`,
    ...(wide ? [run.engine, run.workspace, run.leases.join(','), run.reason ?? ''] : [])
  ]);
  return table([head, ...rows]);
}

function done(jobs: readonly { readonly phase: string }[]): number {
  return jobs.filter(({ phase }) => phase === 'Succeeded' || phase === 'Skipped').length;
}
