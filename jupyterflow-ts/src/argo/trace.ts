import type { SourcePath } from '../source/locate.js';
import type { JobPath, Json, Manifest } from './manifest.js';
import { DAG } from './names.js';

/** Keys of the file by the fields that are made of them. */
const TEMPLATE_KEYS: Readonly<Record<string, string>> = {
  retryStrategy: 'retries',
  activeDeadlineSeconds: 'timeout',
  timeout: 'queueTimeout',
  priorityClassName: 'priority',
  memoize: 'cache',
  metadata: 'name',
  name: 'name',
  outputs: 'outputs',
  inputs: 'command',
  nodeSelector: 'nodeSelector',
  tolerations: 'tolerations',
  affinity: 'affinity',
  serviceAccountName: 'serviceAccountName',
  securityContext: 'securityContext'
};
const CONTAINER_KEYS: Readonly<Record<string, string>> = {
  image: 'image',
  imagePullPolicy: 'imagePullPolicy',
  command: 'command',
  source: 'script',
  workingDir: 'workdir',
  env: 'env',
  envFrom: 'envFrom',
  resources: 'resources',
  volumeMounts: 'volumes'
};
const TASK_KEYS: Readonly<Record<string, string>> = {
  name: 'name',
  when: 'when',
  dependencies: 'needs',
  depends: 'needs',
  withItems: 'foreach',
  withParam: 'foreach'
};
const SPEC_KEYS: Readonly<Record<string, string>> = {
  arguments: 'params',
  activeDeadlineSeconds: 'deadline',
  imagePullSecrets: 'imagePullSecrets',
  nodeSelector: 'nodeSelector',
  tolerations: 'tolerations',
  affinity: 'affinity',
  serviceAccountName: 'serviceAccountName',
  securityContext: 'securityContext',
  podPriorityClassName: 'priority',
  priority: 'priority',
  parallelism: 'parallelism',
  onExit: 'onExit',
  volumes: 'volumes',
  templateDefaults: 'jobs'
};
const SCHEDULE_KEYS = ['schedule', 'schedules', 'timezone', 'concurrencyPolicy', 'startingDeadlineSeconds', 'suspend'];

/**
 * The place in the workflow file that a field of a manifest was made of, for errors of the API server.
 * @param field as Kubernetes writes it, e.g. `spec.templates[3].container.resources.limits[cpu]`
 * @param jobs names of the plan's jobs by template and task, see {@link Trace}
 */
export function sourcePathOf(manifest: Manifest, field: string, trace: Trace): JobPath {
  const [top, ...rest] = stepsOf(field);
  if (top === 'metadata') return { path: [metadataKey(String(rest[0] ?? 'name'))] };
  if (manifest.kind === 'CronWorkflow' && rest[0] !== 'workflowSpec')
    return { path: SCHEDULE_KEYS.includes(String(rest[0])) ? ['schedule'] : [] };
  return ofSpec(manifest.kind === 'CronWorkflow' ? rest.slice(1) : rest, specOf(manifest), trace);
}

/** Name of the plan's job that a template was made of. */
export type Trace = ReadonlyMap<string, string>;

/** The spec of the Workflow, also of one that a schedule starts. */
export function specOf(manifest: Manifest): Json {
  return manifest.kind === 'Workflow' ? manifest.spec : (manifest.spec['workflowSpec'] as Json);
}

function ofSpec([field, index, ...rest]: SourcePath, spec: Json, trace: Trace): JobPath {
  if (field !== 'templates' || typeof index !== 'number') {
    const key = SPEC_KEYS[String(field)];
    return { path: key === undefined ? [] : [key] };
  }
  const template = (spec['templates'] as readonly Json[])[index] ?? {};
  if (template['name'] === DAG) return ofDag(rest, template, trace);
  const job = trace.get(String(template['name']));
  return job === undefined ? { path: [] } : { job, path: ofTemplate(rest) };
}

function ofDag([, field, index, key]: SourcePath, template: Json, trace: Trace): JobPath {
  const { tasks } = template['dag'] as { readonly tasks: readonly Json[] };
  const task = field === 'tasks' && typeof index === 'number' ? tasks[index] : undefined;
  const job = trace.get(String(task?.['template']));
  if (job === undefined) return { path: ['dags'] };
  const name = TASK_KEYS[String(key)];
  return { job, path: name === undefined ? [] : [name] };
}

function ofTemplate([field, part, ...rest]: SourcePath): SourcePath {
  if (field !== 'container' && field !== 'script') {
    const key = TEMPLATE_KEYS[String(field)];
    return key === undefined ? [] : [key];
  }
  const key = CONTAINER_KEYS[String(part)];
  if (key === undefined) return [];
  // `resources.limits.memory` of a container is `resources.memory` of a job.
  const amount = key === 'resources' ? rest[1] : undefined;
  return amount === undefined ? [key] : [key, RESOURCES[String(amount)] ?? amount];
}

const RESOURCES: Readonly<Record<string, string>> = { 'ephemeral-storage': 'disk', 'nvidia.com/gpu': 'gpu' };

function metadataKey(field: string): string {
  return field === 'labels' || field === 'annotations' ? field : 'name';
}

/** `a.b[3].c[d.e/f]` as steps. */
function stepsOf(field: string): SourcePath {
  return [...field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map(([, name, index]) =>
    index !== undefined && /^\d+$/.test(index) ? Number(index) : (name ?? index ?? '')
  );
}
