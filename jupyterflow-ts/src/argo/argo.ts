import type { Plan } from '../plan/plan.js';
import { cronWorkflowsOf } from './cron.js';
import type { ArgoProblem, JobPath, Manifest, Workflow } from './manifest.js';
import type { ArgoOptions } from './options.js';
import { specOfPlan } from './spec.js';
import { sourcePathOf } from './trace.js';

/** A plan for Argo. */
export interface ArgoOutput {
  /** What to create: the Workflow, or for a plan with a schedule the CronWorkflow (in Argo 3.5 one for each of its times). */
  readonly objects: readonly [Manifest, ...Manifest[]];
  /** One run of the plan, whatever its schedule. */
  readonly workflow: Workflow;
  /** With an error among them, the objects must not be used. */
  readonly problems: readonly ArgoProblem[];
  /**
   * Where in the workflow file a field of an object comes from.
   * @param field as the API server names it, e.g. `spec.templates[3].container.image`
   */
  readonly sourcePathOf: (field: string) => JobPath;
}

/** The plan as what an Argo of the given release runs. Never throws on a plan that was compiled. */
export function toArgo(plan: Plan, options: ArgoOptions = {}): ArgoOutput {
  const { spec, problems, trace } = specOfPlan(plan, options);
  const labels = { 'jupyterflow.io/workflow': plan.name, ...plan.labels, ...options.labels };
  const annotations = {
    ...plan.annotations,
    ...(options.sourceDigest === undefined ? {} : { 'jupyterflow.io/source-digest': options.sourceDigest }),
    ...options.annotations
  };
  const metadata = {
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations })
  };
  const workflow: Workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      ...(options.name === undefined || plan.schedule !== undefined
        ? { generateName: `${options.name ?? plan.name}-` }
        : { name: options.name }),
      ...metadata
    },
    spec
  };
  const objects: readonly [Manifest, ...Manifest[]] =
    plan.schedule === undefined
      ? [workflow]
      : cronWorkflowsOf(plan.schedule, { ...metadata, name: options.name ?? plan.name }, spec, options);
  return { objects, workflow, problems, sourcePathOf: field => sourcePathOf(objects[0], field, trace) };
}
