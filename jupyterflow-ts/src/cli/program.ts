import { Command, InvalidArgumentError, Option } from 'commander';
import type { CompileFlags } from './commands/compile.js';
import type { GetFlags } from './commands/get.js';
import type { GraphFlags } from './commands/graph.js';
import type { ListFlags } from './commands/list.js';
import type { LogsFlags } from './commands/logs.js';
import type { RunFlags } from './commands/run.js';
import type { ValidateFlags } from './commands/validate.js';
import type { BackendFlags } from './settings.js';
import { VERSION } from './version.js';

type Done = (exit: number) => void;

/** The command line. Each command's code is loaded only when it is used. */
export function makeProgram(done: Done): Command {
  const program = new Command('jupyterflow')
    .description('Run workflow.yaml: commands, the edges between them, and the leased data they mount.')
    .version(VERSION)
    .option('--debug', 'show where an error comes from')
    .showHelpAfterError('(see --help)');

  withInput(program.command('validate').description('Tell every problem of a workflow file'))
    .addOption(output(['text', 'json', 'yaml'], 'text'))
    .action(async (flags: ValidateFlags) => done(await (await import('./commands/validate.js')).validate(flags)));

  withInput(program.command('compile').description('Print the Argo Workflow of a workflow file'))
    .option('--name <name>', 'name of the run')
    .option('--image <image>', 'image of the jobs that name none')
    .addOption(output(['yaml', 'json'], 'yaml'))
    .action(async (flags: CompileFlags) => done(await (await import('./commands/compile.js')).compileCommand(flags)));

  withInput(program.command('graph').description('Draw the jobs and their edges'))
    .addOption(output(['ascii', 'mermaid', 'dot'], 'ascii'))
    .action(async (flags: GraphFlags) => done(await (await import('./commands/graph.js')).graph(flags)));

  withBackend(withInput(program.command('run').description('Start a run; prints its name')))
    .option('--no-sandbox', 'run the jobs as plain processes (only on this machine, only without leased data)')
    .option('--name <name>', 'name of the run')
    .option('--dry-run', 'print the Argo Workflow and start nothing')
    .option('--wait', 'follow the run to its end')
    .option('--timeout <duration>', 'with --wait: the longest wait, e.g. 90 or 10m', parseDurationFlag)
    .option('-o, --output <format>', 'name, json, yaml or jsonpath=EXPR', 'name')
    .action(async (flags: RunFlags) => done(await (await import('./commands/run.js')).run(flags)));

  withBackend(program.command('list').description('List the runs, the newest first'))
    .option('-o, --output <format>', 'text, name, json, yaml or jsonpath=EXPR', 'text')
    .action(async (flags: ListFlags) => done(await (await import('./commands/list.js')).list(flags)));

  withBackend(onRun(program.command('get').description('Show a run and its jobs')))
    .option('-o, --output <format>', 'text, name, json, yaml or jsonpath=EXPR', 'text')
    .action(async (run: string, flags: GetFlags) => done(await (await import('./commands/get.js')).get(run, flags)));

  withBackend(onRun(program.command('logs').description('Print what the jobs of a run wrote')))
    .option('--job <job>', 'only this job')
    .option('-f, --follow', 'go on until the jobs have finished')
    .option('--tail <lines>', 'only the last lines', parseCount)
    .action(async (run: string, flags: LogsFlags) => done(await (await import('./commands/logs.js')).logs(run, flags)));

  withBackend(onRun(program.command('stop').description('End a run'))).action(
    async (run: string, flags: BackendFlags) => done(await (await import('./commands/stop.js')).stop(run, flags))
  );

  withBackend(onRun(program.command('delete').description('Forget a finished run and its logs'))).action(
    async (run: string, flags: BackendFlags) => done(await (await import('./commands/delete.js')).remove(run, flags))
  );

  program
    .command('supervise', { hidden: true })
    .description('Carry out the run that stdin describes')
    .action(async () => (await import('./local/supervise.js')).supervise());

  return program;
}

function withInput(command: Command): Command {
  return command
    .option('-f, --filename <file>', 'workflow file')
    .option('-c, --command <commands>', 'commands in a chain: "a >> b"')
    .option('-p, --param <name=value>', 'value of a parameter; may be repeated', collectParam);
}

function withBackend(command: Command): Command {
  return command
    .option('--platform <url>', 'platform to use (default: JUPYTERFLOW_PLATFORM, or `platform` in ~/.jupyterflow.yaml)')
    .option('--local', 'use this machine');
}

function onRun(command: Command): Command {
  return command.argument('<run>', 'name or id of a run, or @latest');
}

function output(choices: readonly string[], byDefault: string): Option {
  return new Option('-o, --output <format>', 'output format').choices(choices).default(byDefault);
}

function collectParam(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

function parseDurationFlag(text: string): string {
  if (!/^(?:\d+|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)$/.test(text))
    throw new InvalidArgumentError('Write it like 90, 30s, 10m or 1h30m.');
  return text;
}
