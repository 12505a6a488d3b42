import type { Plan, PlanJob, PlanVolume } from '../plan/plan.js';
import { staticText } from '../plan/text.js';
import { BRACE_VARIABLE, literal, needsBrace } from './literal.js';

/** Argo `Workflow` manifest, argoproj.io/v1alpha1; accepted by Argo 3.6 and later. */
export interface Workflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Workflow';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface ArgoOptions {
  /** Absolute folder of the workflow in the containers; where relative working folders begin. Default /home/jovyan. */
  readonly workspace?: string;
  /** Image of the jobs that name none. Default python:3.12-slim. */
  readonly image?: string;
  /** Namespace of the Workflow. Default: the one of whoever submits it. */
  readonly namespace?: string;
  /** Whole name of the run. Default: Argo makes one from the plan's name. */
  readonly name?: string;
  /** Further labels of the Workflow and its pods. */
  readonly labels?: Readonly<Record<string, string>>;
  /** PersistentVolumeClaim that holds what a volume mounts. Default: {@link claimName}. */
  readonly claim?: (volume: PlanVolume) => string;
}

export const DEFAULT_IMAGE = 'python:3.12-slim';
const DEFAULT_WORKSPACE = '/home/jovyan';
/** Template of the graph, and the entrypoint. */
const DAG = 'dag';

type Json = Readonly<Record<string, unknown>>;

/** The plan as an Argo Workflow. */
export function toArgo(plan: Plan, options: ArgoOptions = {}): Workflow {
  const labels = { 'jupyterflow.io/workflow': plan.name, ...options.labels };
  const volumes = claims(plan, options.claim ?? claimName);
  const shared = sharedFields(plan, options);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      ...(options.name === undefined ? { generateName: `${plan.name}-` } : { name: options.name }),
      ...optional('namespace', options.namespace),
      labels
    },
    spec: {
      entrypoint: DAG,
      ...optional('parallelism', plan.parallelism),
      ...optional('activeDeadlineSeconds', wholeSeconds(plan.deadline)),
      // A sidecar of Istio would keep the pod of a finished job alive.
      podMetadata: { annotations: { 'sidecar.istio.io/inject': 'false' }, labels },
      ...(volumes.length === 0 ? {} : { volumes }),
      templateDefaults: { container: shared },
      templates: [dagTemplate(plan), ...plan.jobs.map(job => jobTemplate(job, shared, options))]
    }
  };
}

function dagTemplate(plan: Plan): Json {
  const tasks = plan.jobs.map(job => ({
    name: job.name,
    template: job.name,
    ...(job.dependsOn.length === 0 ? {} : { dependencies: job.dependsOn })
  }));
  return { name: DAG, dag: { tasks, ...(plan.failFast ? {} : { failFast: false }) } };
}

/** What every container has in common is said once: that keeps a workflow of thousands of jobs small enough for etcd. */
function sharedFields(plan: Plan, options: ArgoOptions): Json {
  const fields = plan.jobs.map(job => containerFields(job, options));
  const [first = {}] = fields;
  const same = Object.entries(first).filter(([key, value]) =>
    fields.every(other => JSON.stringify(other[key]) === JSON.stringify(value))
  );
  const { env = [], ...others } = Object.fromEntries(same) as { readonly env?: readonly Json[] };
  // Argo's schema wants an image here too; each template has its own.
  const image = options.image ?? DEFAULT_IMAGE;
  return { image, ...others, env: [{ name: 'JUPYTERFLOW_RUN', value: '{{workflow.name}}' }, ...env] };
}

/** What may be said for all containers at once. */
function containerFields(job: PlanJob, options: ArgoOptions): Json {
  return {
    workingDir: workingDir(job, options.workspace ?? DEFAULT_WORKSPACE),
    ...optional('imagePullPolicy', job.imagePullPolicy),
    ...resources(job),
    ...mounts(job),
    env: variables(job)
  };
}

function jobTemplate(job: PlanJob, shared: Json, options: ArgoOptions): Json {
  const { env: ofJob, ...fields } = containerFields(job, options);
  const known = new Set((shared['env'] as readonly Json[]).map(({ name }) => name));
  const env = (ofJob as readonly Json[]).filter(({ name }) => !known.has(name));
  return {
    name: job.name,
    ...(job.retries === 0 ? {} : { retryStrategy: { limit: job.retries, retryPolicy: 'OnFailure' } }),
    ...optional('activeDeadlineSeconds', wholeSeconds(job.timeout)),
    container: {
      image: job.image ?? options.image ?? DEFAULT_IMAGE,
      // The whole argv: without `command` the controller would ask a registry for the image's entrypoint.
      command: job.argv.map(word => literal(staticText(word))),
      ...Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in shared))),
      env: [{ name: 'JUPYTERFLOW_JOB', value: job.name }, ...env]
    }
  };
}

function variables(job: PlanJob): readonly Json[] {
  const texts = [...job.argv, ...job.env.map(({ value }) => value)].map(staticText);
  return [
    // Before the variables that use it: Kubernetes expands only what was defined earlier.
    ...(texts.some(needsBrace) ? [BRACE_VARIABLE] : []),
    ...job.env.map(({ name, value }) => ({ name, value: literal(staticText(value)) }))
  ];
}

function workingDir(job: PlanJob, workspace: string): string {
  if (job.workdir === undefined || job.workdir === '.') return workspace;
  return job.workdir.startsWith('/') ? job.workdir : `${workspace}/${job.workdir}`;
}

function resources(job: PlanJob): Json {
  if (Object.keys(job.resources).length === 0) return {};
  return { resources: { requests: job.resources, limits: job.resources } };
}

function mounts(job: PlanJob): Json {
  if (job.volumes.length === 0) return {};
  const volumeMounts = job.volumes.map(({ name, mountPath, subPath }) => ({
    name,
    mountPath,
    readOnly: true,
    ...optional('subPath', subPath)
  }));
  return { volumeMounts };
}

function claims(plan: Plan, claim: (volume: PlanVolume) => string): readonly Json[] {
  const byName = new Map(plan.jobs.flatMap(job => job.volumes).map(volume => [volume.name, volume]));
  return [...byName.values()].map(volume => ({
    name: volume.name,
    persistentVolumeClaim: { claimName: claim(volume), readOnly: true }
  }));
}

/**
 * Name of the claim for a lease or dataset, e.g. `jupyterflow-lease-ls-5f-k3p9`. Two references never get one name:
 * what is no letter or digit becomes its hexadecimal code between hyphens.
 */
export function claimName({ kind, ref }: Pick<PlanVolume, 'kind' | 'ref'>): string {
  const encoded = ref.replace(/[^a-z0-9]/g, char => `-${char.charCodeAt(0).toString(16)}-`);
  return `jupyterflow-${kind}-${encoded.replace(/-$/, '')}`;
}

/** Argo counts in whole seconds; nobody gets less time than asked for. */
function wholeSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds));
}

function optional<T>(key: string, value: T | undefined): Readonly<Record<string, T>> {
  return value === undefined ? {} : { [key]: value };
}
