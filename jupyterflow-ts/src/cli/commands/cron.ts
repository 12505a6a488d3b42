import { Schedules } from '../../engines/argo/schedules.js';
import { LABEL } from '../../engines/argo/marks.js';
import type { CronWorkflowObject } from '../../engines/argo/objects.js';
import { newRunId } from '../direct-run.js';
import { EXIT } from '../failure.js';
import { connectTo } from '../kube/connect.js';
import { told } from '../kube/failure.js';
import { printValue } from '../output.js';
import { readSettings, type BackendFlags } from '../settings.js';
import { table } from '../table.js';
import { print } from '../terminal.js';

export type CronFlags = Pick<BackendFlags, 'context' | 'namespace'>;

export interface CronOutputFlags extends CronFlags {
  readonly output: string;
}

/** A schedule as the command shows it. */
interface ScheduleView {
  readonly name: string;
  readonly workflow: string;
  readonly schedules: readonly string[];
  readonly timezone?: string;
  readonly suspended: boolean;
  /** Runs that go on now. */
  readonly active: readonly string[];
  readonly lastScheduledAt?: string;
}

export async function cronList({ output, ...flags }: CronOutputFlags): Promise<number> {
  const views = (await told((await open(flags)).list())).map(viewOf);
  if (output === 'text') print(views.length === 0 ? 'there are no schedules\n' : textOf(views));
  else if (output === 'name') print(views.map(({ name }) => `${name}\n`).join(''));
  else await printValue(views, output);
  return EXIT.ok;
}

export async function cronSuspend(name: string, flags: CronFlags): Promise<number> {
  await told((await open(flags)).suspend(name, true));
  print(`${name} suspended\n`);
  return EXIT.ok;
}

export async function cronResume(name: string, flags: CronFlags): Promise<number> {
  await told((await open(flags)).suspend(name, false));
  print(`${name} resumed\n`);
  return EXIT.ok;
}

export async function cronDelete(name: string, flags: CronFlags): Promise<number> {
  await told((await open(flags)).delete(name));
  print(`${name} deleted\n`);
  return EXIT.ok;
}

/** Prints the name of the run, as `run` does. */
export async function cronRunNow(name: string, flags: CronFlags): Promise<number> {
  const { metadata } = await told((await open(flags)).runNow(name, newRunId({ name })));
  print(`${metadata.name}\n`);
  return EXIT.ok;
}

async function open(flags: CronFlags): Promise<Schedules> {
  return new Schedules(connectTo(await readSettings(flags)));
}

function viewOf({ metadata, spec, status }: CronWorkflowObject): ScheduleView {
  const schedules = spec.schedules ?? (spec.schedule === undefined ? [] : [spec.schedule]);
  const last = status?.lastScheduledTime;
  return {
    name: metadata.name,
    workflow: metadata.labels?.[LABEL.workflow] ?? metadata.name,
    schedules,
    ...(spec.timezone === undefined ? {} : { timezone: spec.timezone }),
    suspended: spec.suspend === true,
    active: (status?.active ?? []).map(({ name }) => name),
    ...(last === undefined || last === null ? {} : { lastScheduledAt: last })
  };
}

function textOf(views: readonly ScheduleView[]): string {
  return table([
    ['NAME', 'SCHEDULE', 'TIMEZONE', 'SUSPENDED', 'ACTIVE', 'LAST'],
    ...views.map(({ name, schedules, timezone = '', suspended, active, lastScheduledAt = '' }) => [
      name,
      schedules.join('; '),
      timezone,
      suspended ? 'yes' : 'no',
      String(active.length),
      lastScheduledAt
    ])
  ]);
}
