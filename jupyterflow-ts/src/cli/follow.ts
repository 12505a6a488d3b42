import { parseDuration } from '../plan/units.js';
import type { Backend, RunView } from './backend.js';
import { EXIT } from './failure.js';
import { Interrupt } from './interrupt.js';
import { makeDisplay } from './live/display.js';
import { LogFollower } from './live/log-follower.js';
import { elapsed } from './states.js';
import { tellFailures } from './tell-failures.js';
import { harmless, say } from './terminal.js';
import { isOver, watchRun } from './watch.js';

export interface WaitFlags {
  readonly timeout?: string;
  readonly follow?: boolean;
  readonly stopOnInterrupt?: boolean;
}

/** Shows a run until its end, then what failed, and gives the exit code. */
export async function followRun(backend: Backend, first: RunView, flags: WaitFlags): Promise<number> {
  const interrupt = new Interrupt();
  const timeout = flags.timeout === undefined ? undefined : AbortSignal.timeout(parseDuration(flags.timeout) * 1000);
  const stopping = flags.stopOnInterrupt === true ? stopAtInterrupt(backend, first, interrupt.signal) : undefined;
  const leave = [...(stopping === undefined ? [interrupt.signal] : []), ...(timeout === undefined ? [] : [timeout])];
  const run = await show(backend, first, AbortSignal.any(leave), flags.follow === true).finally(() =>
    interrupt.dispose()
  );
  const interrupted = interrupt.signal.aborted;
  if (!isOver(run)) {
    say(
      `${interrupted ? 'no longer watching' : 'waited long enough'}; ${run.name} goes on\n` +
        `  to go on watching it: jupyterflow watch ${run.name}\n  to stop it: jupyterflow stop ${run.name}\n`
    );
    return interrupted ? EXIT.interrupted : EXIT.timeout;
  }
  await tellFailures(backend, run, { withLogs: flags.follow !== true });
  const reason = run.reason === undefined ? '' : `: ${harmless(run.reason)}`;
  say(`${run.name}  ${run.state}  ${elapsed(run)}${run.state === 'Succeeded' ? '' : reason}\n`);
  if (interrupted) return EXIT.interrupted;
  return run.state === 'Succeeded' ? EXIT.ok : EXIT.failed;
}

/** The run as it was when it ended, or when the signal aborted. */
async function show(backend: Backend, first: RunView, signal: AbortSignal, follow: boolean): Promise<RunView> {
  const display = makeDisplay();
  const logs = follow ? new LogFollower(backend, first, lines => display.log(lines)) : undefined;
  let run = first;
  try {
    for await (run of watchRun(backend, first, signal)) {
      display.update(run);
      logs?.update(run);
    }
    if (!signal.aborted) await logs?.drained();
    return run;
  } finally {
    logs?.close();
    display.close();
  }
}

function stopAtInterrupt(backend: Backend, run: RunView, interrupted: AbortSignal): true {
  interrupted.addEventListener(
    'abort',
    () => {
      say(`stopping ${run.name}; Ctrl-C again leaves at once\n`);
      backend.stop(run.id).catch((error: unknown) => {
        say(`${run.name} could not be stopped: ${harmless(error instanceof Error ? error.message : String(error))}\n`);
      });
    },
    { once: true }
  );
  return true;
}
