import { dnsLabel, MAX_RUN_NAME } from '../plan/names.js';
import type { PlanSchedule } from '../plan/plan.js';
import { optional, type CronWorkflow, type Json } from './manifest.js';
import type { ArgoOptions } from './options.js';
import { wholeSeconds } from './limits.js';

/** The name of the schedule that a CronWorkflow is of. */
export const SCHEDULE_LABEL = 'jupyterflow.io/schedule';

/**
 * A schedule under a name that stays, so that it can be changed later. Argo 3.5 knows one time a CronWorkflow, and what came
 * after knows a list; 4 has forgotten the one. A label says of which schedule each is, so that one whose time is gone is found.
 */
export function cronWorkflowsOf(
  schedule: PlanSchedule,
  metadata: Json & { readonly name: string; readonly labels: Json },
  workflowSpec: Json,
  { argoVersion = '4' }: ArgoOptions
): readonly [CronWorkflow, ...CronWorkflow[]] {
  const { labels, annotations } = metadata;
  const spec = {
    ...optional('timezone', schedule.timezone),
    concurrencyPolicy: schedule.concurrency ?? 'Allow',
    ...optional('startingDeadlineSeconds', wholeSeconds(schedule.startingDeadline)),
    ...optional('suspend', schedule.suspend),
    workflowMetadata: { labels, ...optional('annotations', annotations) },
    workflowSpec
  };
  const name = dnsLabel(metadata.name, MAX_RUN_NAME);
  const cronWorkflow = (own: string, times: Json): CronWorkflow => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { ...metadata, labels: { ...metadata.labels, [SCHEDULE_LABEL]: name }, name: own },
    spec: { ...times, ...spec }
  });
  if (argoVersion !== '3.5') return [cronWorkflow(name, { schedules: schedule.crons })];
  const [first = '', ...others] = schedule.crons;
  return [
    cronWorkflow(name, { schedule: first }),
    ...others.map((cron, index) => {
      const suffix = `-${index + 2}`;
      return cronWorkflow(`${dnsLabel(name, MAX_RUN_NAME - suffix.length)}${suffix}`, { schedule: cron });
    })
  ];
}
