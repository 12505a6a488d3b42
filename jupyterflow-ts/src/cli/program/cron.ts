import type { Command } from 'commander';
import type { CronFlags, CronOutputFlags } from '../commands/cron.js';
import { examples, output, withCluster, type Done } from './flags.js';

/** Commands for workflows with a `schedule` on a cluster. */
export function addCronCommands(program: Command, done: Done): void {
  const cron = program
    .command('cron')
    .description('Schedules on a cluster, which `run` makes of files with `schedule`');
  const load = async () => import('../commands/cron.js');

  const list = withCluster(cron.command('list').description('List the schedules'))
    .addOption(output('text', 'name', 'json', 'yaml', 'jsonpath'))
    .action(async (flags: CronOutputFlags) => done(await (await load()).cronList(flags)));
  examples(list, 'cron list', 'cron list --namespace research -o json');

  const suspend = onSchedule(cron.command('suspend').description('Let no run of a schedule begin')).action(
    async (name: string, flags: CronFlags) => done(await (await load()).cronSuspend(name, flags))
  );
  examples(suspend, 'cron suspend nightly');

  const resume = onSchedule(cron.command('resume').description('Let runs of a schedule begin again')).action(
    async (name: string, flags: CronFlags) => done(await (await load()).cronResume(name, flags))
  );
  examples(resume, 'cron resume nightly');

  const runNow = onSchedule(cron.command('run-now').description('Start a run of a schedule at once; prints its name'));
  runNow.action(async (name: string, flags: CronFlags) => done(await (await load()).cronRunNow(name, flags)));
  examples(runNow, 'cron run-now nightly');

  const remove = onSchedule(cron.command('delete').description('Remove a schedule; runs of it stay')).action(
    async (name: string, flags: CronFlags) => done(await (await load()).cronDelete(name, flags))
  );
  examples(remove, 'cron delete nightly');
}

function onSchedule(command: Command): Command {
  return withCluster(command.argument('<name>', 'name of the schedule'));
}
