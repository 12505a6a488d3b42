import { Option, type Command } from 'commander';
import type { DeleteFlags } from '../commands/delete.js';
import type { GetFlags } from '../commands/get.js';
import type { ListFlags } from '../commands/list.js';
import type { LogsFlags } from '../commands/logs.js';
import type { RetryFlags } from '../commands/retry.js';
import type { RunFlags } from '../commands/run.js';
import type { WatchFlags } from '../commands/watch.js';
import type { ParamFlags } from '../params.js';
import type { StartFlags } from '../follow-started.js';
import type { BackendFlags } from '../settings.js';
import {
  collect,
  examples,
  onRun,
  output,
  parseAmount,
  parseCount,
  parseDurationFlag,
  parsePositive,
  withBackend,
  withInput,
  withParams,
  withSelection,
  type Done
} from './flags.js';

const STATES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Error'];

/** Commands that start runs, show them and end them. */
export function addRunCommands(program: Command, done: Done): void {
  addRun(program, done);
  addShowing(program, done);
  addAgain(program, done);
  addEnding(program, done);
}

function addRun(program: Command, done: Done): void {
  const run = program.command('run').description('Start a run; prints its name');
  withStart(withSelection(withBackend(withInput(run))))
    .option('--no-sandbox', 'run the jobs as plain processes (only on this machine, only without leased data)')
    .option('-j, --jobs <count>', 'jobs at once on this machine (default: the number of processors)', parsePositive)
    .option('--cpu <amount>', 'processors that jobs at once may ask for here (default: all)', parseAmount)
    .option('--memory <amount>', 'memory that jobs at once may ask for here, 8Gi for one (default: all)', parseAmount)
    .option('--name <name>', 'name of the run')
    .option('-n, --plan', 'tell which jobs would run and why, and start nothing')
    .option('--dry-run', 'print the Argo Workflow and start nothing')
    .action(async (flags: RunFlags) => done(await (await import('../commands/run.js')).run(flags)));
  examples(
    run,
    'run -f workflow.yaml --wait',
    'run -f workflow.yaml --follow -p epochs=20',
    'run -c "python prepare.py >> python train.py" --local',
    'run -f workflow.yaml --from train --skip plot',
    'run -f workflow.yaml --plan',
    'run -f workflow.yaml --dry-run'
  );
}

function addShowing(program: Command, done: Done): void {
  const list = withBackend(program.command('list').description('List the runs, the newest first'))
    .addOption(new Option('--state <state>', 'only runs in this state').choices(STATES))
    .option('--limit <count>', 'only the newest', parsePositive)
    .addOption(output('text', 'wide', 'name', 'json', 'yaml', 'jsonpath'))
    .action(async (flags: ListFlags) => done(await (await import('../commands/list.js')).list(flags)));
  examples(list, 'list --state Running', 'list --limit 5 -o wide', "list -o jsonpath='{[*].name}'");

  const get = withBackend(onRun(program.command('get').description('Show a run and its jobs')))
    .addOption(output('text', 'wide', 'name', 'json', 'yaml', 'jsonpath'))
    .action(async (run: string, flags: GetFlags) => done(await (await import('../commands/get.js')).get(run, flags)));
  examples(get, 'get @latest', `get demo-x7k2p -o jsonpath='{.jobs[?(@.phase=="Failed")].name}'`);

  const watch = program.command('watch').description('Show a run until it ends; the exit code is that of the run');
  withWaiting(withBackend(onRun(watch)))
    .option('--follow', 'print what the jobs write')
    .action(async (run: string, flags: WatchFlags) =>
      done(await (await import('../commands/watch.js')).watch(run, flags))
    );
  examples(watch, 'watch @latest', 'watch demo-x7k2p --follow --timeout 10m');

  const logs = withBackend(onRun(program.command('logs').description('Print what the jobs of a run wrote')))
    .option('--job <job>', 'only this job')
    .option('-f, --follow', 'go on until the jobs have finished')
    .option('--tail <lines>', 'only the last lines', parseCount)
    .option('--attempt <number>', 'of this attempt, from 1 (default: the last one)', parsePositive)
    .option('--prefix', 'begin each line with the name of its job')
    .action(async (run: string, flags: LogsFlags) =>
      done(await (await import('../commands/logs.js')).logs(run, flags))
    );
  examples(logs, 'logs @latest', 'logs demo-x7k2p --job train --follow', 'logs demo-x7k2p --job train --attempt 1');
}

function addAgain(program: Command, done: Done): void {
  const retry = program.command('retry').description('Go on with a finished run: what did not succeed runs again');
  withStart(withBackend(onRun(retry)))
    .option('--from <job>', 'also this job and all that waits for it; may be repeated', collect)
    .action(async (run: string, flags: RetryFlags) =>
      done(await (await import('../commands/retry.js')).retry(run, flags))
    );
  examples(retry, 'retry @latest --wait', 'retry demo-x7k2p --from train');

  const resubmit = program.command('resubmit').description('Start a new run of the file and parameters of another one');
  withStart(withParams(withBackend(onRun(resubmit)))).action(async (run: string, flags: StartFlags & ParamFlags) =>
    done(await (await import('../commands/resubmit.js')).resubmit(run, flags))
  );
  examples(resubmit, 'resubmit demo-x7k2p --wait', 'resubmit @latest -p rate=0.2');
}

function addEnding(program: Command, done: Done): void {
  const stop = withBackend(onRun(program.command('stop').description('End a run'))).action(
    async (run: string, flags: BackendFlags) => done(await (await import('../commands/stop.js')).stop(run, flags))
  );
  examples(stop, 'stop @latest');

  const remove = program.command('delete').description('Forget finished runs and their logs');
  withBackend(remove.argument('[runs...]', 'names, ids or their beginnings, or @latest'))
    .option('--all-finished', 'all that have ended; asks first')
    .option('-y, --yes', 'do not ask')
    .action(async (runs: readonly string[], flags: DeleteFlags) =>
      done(await (await import('../commands/delete.js')).remove(runs, flags))
    );
  examples(remove, 'delete demo-x7k2p demo-b4c8d', 'delete --all-finished --yes');
}

function withStart(command: Command): Command {
  return withWaiting(command)
    .option('--wait', 'show the run until it ends; the exit code is that of the run')
    .option('--follow', 'as --wait, and print what the jobs write')
    .addOption(output('name', 'json', 'yaml', 'jsonpath'));
}

function withWaiting(command: Command): Command {
  return command
    .option('--timeout <duration>', 'the longest wait, e.g. 90 or 10m; the run goes on', parseDurationFlag)
    .option('--stop-on-interrupt', 'Ctrl-C stops the run (default: it goes on by itself)');
}
