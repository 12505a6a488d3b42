import { withoutKeysOf } from '../inherit/inherit.js';
import type { ClusterSettings, Plan, PlanJob, RawFields } from '../plan/plan.js';
import { optional, type Json } from './manifest.js';
import type { ArgoOptions, Site } from './options.js';

/**
 * Where the pods of a job run and as whom, as fields that a template and the spec both have. For jobs that say nothing
 * of it themselves the answer is one and the same object.
 */
export function scheduler(plan: Plan, options: ArgoOptions): (job: PlanJob) => Json {
  let common: Json | undefined;
  return job => {
    const own = job.site ?? job.resources.gpu ?? job.cluster ?? job.priority;
    return own === undefined ? (common ??= schedulingOf(plan, job, options)) : schedulingOf(plan, job, options);
  };
}

function schedulingOf(plan: Plan, job: PlanJob, { inherited = {}, ...options }: ArgoOptions): Json {
  const layers: readonly ClusterSettings[] = [
    inherited,
    plan.cluster ?? {},
    ...(job.site === undefined ? [] : [siteOf(job.site, options)]),
    ...gpuPlaceOf(job, options),
    job.cluster ?? {}
  ];
  const tolerations = unique(layers.flatMap(layer => layer.tolerations ?? []));
  const last = <K extends keyof ClusterSettings>(key: K): ClusterSettings[K] | undefined =>
    layers.findLast(layer => layer[key] !== undefined)?.[key];
  return {
    ...mergedOf('nodeSelector', layers),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...optional('affinity', last('affinity')),
    ...optional('serviceAccountName', last('serviceAccountName')),
    ...mergedOf('securityContext', layers),
    ...optional('priorityClassName', typeof job.priority === 'string' ? job.priority : inherited.priorityClassName)
  };
}

function mergedOf(key: 'nodeSelector' | 'securityContext', layers: readonly ClusterSettings[]): Json {
  const fields = Object.fromEntries(layers.flatMap(layer => Object.entries(layer[key] ?? {})));
  return Object.keys(fields).length === 0 ? {} : { [key]: fields };
}

/** Of the container; what the file says of its pod is not hidden by what is inherited. */
export function containerSecurityOf(plan: Plan, job: PlanJob, { inherited }: ArgoOptions): RawFields | undefined {
  const own = { ...plan.cluster?.securityContext, ...job.cluster?.securityContext };
  const context = withoutKeysOf(inherited?.containerSecurityContext ?? {}, own);
  return Object.keys(context).length === 0 ? undefined : context;
}

/** Secrets for registries are of the whole Workflow in Argo. */
export function imagePullSecretsOf(plan: Plan, { inherited }: ArgoOptions): readonly RawFields[] {
  const secrets = [plan, ...plan.jobs, ...(plan.onExit === undefined ? [] : [plan.onExit])].flatMap(
    ({ cluster }) => cluster?.imagePullSecrets ?? []
  );
  return unique([...(inherited?.imagePullSecrets ?? []), ...secrets]);
}

/** Requests and limits at once; what a job says replaces what is inherited. */
export function resourcesOf(job: PlanJob, options: ArgoOptions): Json | undefined {
  const { cpu, memory, disk, gpu } = job.resources;
  const amounts: Json = {
    ...optional('cpu', cpu),
    ...optional('memory', memory),
    ...optional('ephemeral-storage', disk),
    ...(gpu === undefined ? {} : { [gpuResource(gpu.type, options)]: String(gpu.count) })
  };
  if (Object.keys(amounts).length === 0) return options.inherited?.resources;
  return { requests: amounts, limits: amounts };
}

function siteOf(name: string, { sites = {} }: ArgoOptions): Site {
  return (Object.hasOwn(sites, name) ? sites[name] : undefined) ?? { nodeSelector: { 'jupyterflow.io/site': name } };
}

function gpuPlaceOf({ resources: { gpu } }: PlanJob, { gpuTypes = {} }: ArgoOptions): readonly ClusterSettings[] {
  if (gpu?.type === undefined) return [];
  const known = Object.hasOwn(gpuTypes, gpu.type) ? gpuTypes[gpu.type] : undefined;
  return [known ?? { nodeSelector: { 'nvidia.com/gpu.product': gpu.type } }];
}

function gpuResource(type: string | undefined, { gpuTypes = {} }: ArgoOptions): string {
  const known = type !== undefined && Object.hasOwn(gpuTypes, type) ? gpuTypes[type] : undefined;
  return known?.resource ?? 'nvidia.com/gpu';
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
}
