import type { Backend } from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import { followStarted, type StartFlags } from '../follow-started.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { openBackend } from '../open-backend.js';
import { readParams, type ParamFlags } from '../params.js';
import { selectionOf, selectPlan, type SelectFlags } from '../selection.js';
import { say } from '../terminal.js';
import { compileCommand } from './compile.js';

export interface RunFlags extends InputFlags, ParamFlags, SelectFlags, StartFlags {
  readonly dryRun?: boolean;
  /** Only tell what would run. */
  readonly plan?: boolean;
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
  const request = { ...input, compilation, params, ...named, ...(select === undefined ? {} : { select }) };
  if (flags.plan === true) {
    const { showPlan } = await import('../show-plan.js');
    return showPlan(compilation.plan, await backend.explain(request), output);
  }
  if (compilation.plan.schedule !== undefined) checkSchedule(backend, flags);
  const started = await backend.submit(request);
  return followStarted(backend, started, flags);
}

/** A schedule has no run yet that could be waited for; where none is kept, the user must know that the run starts now. */
function checkSchedule({ keepsSchedules }: Backend, { wait, follow }: RunFlags): void {
  if (keepsSchedules !== true) {
    say('warning SCHEDULE_NOT_KEPT: only a cluster keeps schedules; this run starts now, once\n');
  } else if (wait === true || follow === true) {
    const hint = 'Leave --wait and --follow out; `jupyterflow cron run-now NAME` starts a run at once.';
    throw new Failure(EXIT.usage, 'a schedule starts its runs later: there is none to wait for', {
      code: 'USAGE',
      hint
    });
  }
}
