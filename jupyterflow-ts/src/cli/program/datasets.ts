import { InvalidArgumentError, type Command } from 'commander';
import type { EndFlags, LeaseFlags, RenewFlags } from '../commands/datasets/lease.js';
import type { DatasetListFlags } from '../commands/datasets/list.js';
import type { DatasetShowFlags } from '../commands/datasets/show.js';
import { parseIsoDuration } from '../durations.js';
import { examples, output, parseDurationFlag, withPlatform, type Done } from './flags.js';

/** `datasets`: what organizations lend. */
export function addDatasetCommands(program: Command, done: Done): void {
  const datasets = program.command('datasets').description('Find datasets, lease them and give them back');
  const leases = async () => import('../commands/datasets/lease.js');

  const list = datasets.command('list').description('List the datasets that organizations offer');
  withPlatform(list.argument('[words...]', 'words that must all occur'))
    .option('--owner <organization>', 'only of this organization')
    .option('--available', 'only those that are free, or yours already')
    .addOption(output('text', 'wide', 'name', 'json', 'yaml', 'jsonpath'))
    .action(async (words: readonly string[], flags: DatasetListFlags) =>
      done(await (await import('../commands/datasets/list.js')).listCommand(words, flags))
    );
  examples(list, 'datasets list', 'datasets list penguins --available');

  const show = datasets.command('show').description('Show a dataset: what it is, who may use it, how to use it');
  withPlatform(onDataset(show))
    .addOption(output('text', 'name', 'json', 'yaml', 'jsonpath'))
    .action(async (dataset: string, flags: DatasetShowFlags) =>
      done(await (await import('../commands/datasets/show.js')).showCommand(dataset, flags))
    );
  examples(show, 'datasets show uis/lorem');

  const lease = datasets.command('lease').description('Lease a dataset');
  withPlatform(onDataset(lease))
    .requiredOption('--purpose <text>', 'what for')
    .option('--duration <duration>', 'how long, e.g. 90m, 4h or PT4H (default: 4h, or the longest allowed)', parseLong)
    .option('--wait', 'where its owner decides: wait for the answer')
    .option('--timeout <duration>', 'with --wait: the longest wait', parseDurationFlag)
    .addOption(leaseOutput())
    .action(async (dataset: string, flags: LeaseFlags) => done(await (await leases()).leaseCommand(dataset, flags)));
  examples(lease, 'datasets lease uis/lorem --purpose teaching --duration 4h');

  const renew = datasets.command('renew').description('Make a lease longer');
  withPlatform(onLease(renew))
    .option('--duration <duration>', 'how long from now (default: as long as it was asked for)', parseLong)
    .addOption(leaseOutput())
    .action(async (of: string, flags: RenewFlags) => done(await (await leases()).renewCommand(of, flags)));
  examples(renew, 'datasets renew uis/lorem');

  const release = datasets.command('release').description('Give a lease back');
  withPlatform(onLease(release))
    .option('--reason <text>', 'why')
    .addOption(leaseOutput())
    .action(async (of: string, flags: EndFlags) => done(await (await leases()).releaseCommand(of, flags)));
  examples(release, 'datasets release uis/lorem');
}

function onDataset(command: Command): Command {
  return command.argument('<dataset>', 'owner/name, or an id (ds_...)');
}

function onLease(command: Command): Command {
  return command.argument('<dataset>', 'owner/name of a dataset that you lease, or the id of a lease (ls_...)');
}

function leaseOutput() {
  return output('text', 'name', 'json', 'yaml', 'jsonpath');
}

/** At least a second; also as ISO 8601. */
function parseLong(text: string): string {
  const iso = parseIsoDuration(text);
  if (iso === undefined ? text.endsWith('ms') : iso === 0)
    throw new InvalidArgumentError('Write it like 90m, 4h or PT4H.');
  return iso === undefined ? parseDurationFlag(text) : text;
}
