import { ANNOTATION, LABEL } from './marks.js';
import type { CronWorkflowObject, ObjectMeta, Template, WorkflowObject } from './objects.js';

/** What is created to run a Workflow once more, as `argo resubmit` does. */
export function anew({ metadata, spec }: WorkflowObject, name: string): WorkflowObject {
  const rest = Object.entries(spec).filter(([key]) => key !== 'shutdown');
  const templates = (spec.templates ?? []).map(firstAttempt);
  return { ...KIND, metadata: { name, ...own(metadata) }, spec: { ...Object.fromEntries(rest), templates } };
}

/** A template of a run that was gone on with counts its attempts from there. */
function firstAttempt(template: Template): Template {
  const kind = template.container === undefined ? 'script' : 'container';
  const container = template[kind];
  if (container?.env === undefined) return template;
  const env = container.env.map(variable =>
    variable.name === 'JUPYTERFLOW_ATTEMPT' && variable.value !== undefined
      ? { ...variable, value: variable.value.replace(/\d+(?=\}\}$|$)/, '1') }
      : variable
  );
  return { ...template, [kind]: { ...container, env } };
}

/** What is created to run a schedule's workflow now, as `argo submit --from cronwf/NAME` does. */
export function fromSchedule({ metadata, spec }: CronWorkflowObject, name: string): WorkflowObject {
  const { labels = {}, annotations = {} } = spec.workflowMetadata ?? {};
  const { name: schedule, uid } = metadata;
  const owner = { apiVersion: KIND.apiVersion, kind: 'CronWorkflow', name: schedule, controller: true } as const;
  return {
    ...KIND,
    metadata: {
      name,
      labels: { ...own(metadata).labels, ...labels, 'workflows.argoproj.io/cron-workflow': schedule },
      annotations,
      ...(uid === undefined ? {} : { ownerReferences: [{ ...owner, uid }] })
    },
    spec: spec.workflowSpec ?? {}
  };
}

const KIND = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' } as const;

/** Labels and annotations that are not Argo's, and not about one run. */
function own({ labels = {}, annotations = {} }: ObjectMeta): Required<Pick<ObjectMeta, 'labels' | 'annotations'>> {
  const ofRun: readonly string[] = [ANNOTATION.stopReason, ANNOTATION.startedAt, ANNOTATION.attempts];
  const kept = Object.entries(annotations).filter(([key]) => !ofRun.includes(key) && !isForeign(key));
  const ours = Object.entries(labels).filter(([key]) => key !== LABEL.schedule && !isForeign(key));
  return { labels: Object.fromEntries(ours), annotations: Object.fromEntries(kept) };
}

function isForeign(key: string): boolean {
  return /(?:^|\.)(?:argoproj|kubernetes|k8s)\.io\//.test(key);
}
