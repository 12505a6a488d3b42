import type { RawFields } from '../plan/plan.js';
import type { EnvVar, InheritedSpec, Volume, VolumeMount } from './inherited.js';
import { isForeign, isSecretName } from './names.js';

/** Where a value comes from. */
export type Origin = 'pod' | 'config' | 'notebook';

/** What the jobs get from the notebook, and why. */
export interface Inheritance {
  readonly spec: InheritedSpec;
  /** Where each value comes from: by field, e.g. `image`, and by name in lists, e.g. `env.LANG`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** What the pod has and no job gets, with the reason. */
  readonly left: readonly { readonly what: string; readonly why: string }[];
}

/** A pod (core/v1) as the API server gives it; only what is read here. */
export interface Pod {
  readonly spec?: RawFields & { readonly containers?: readonly Container[] };
}

type Container = RawFields & { readonly name?: string };

/** The process that starts the run, when it runs in the notebook. */
export interface Notebook {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Variables that the start of a notebook changes, so that the pod does not say what they are. */
const OF_NOTEBOOK = ['NB_USER', 'PATH', 'HOME'];
const BY_NAME = ['env', 'volumes', 'volumeMounts'] as const;
const OF_POD = [
  'imagePullSecrets',
  'nodeSelector',
  'tolerations',
  'affinity',
  'securityContext',
  'serviceAccountName',
  'runtimeClassName',
  'priorityClassName',
  'schedulerName',
  'hostAliases',
  'dnsPolicy',
  'dnsConfig'
] as const;

/**
 * What jobs inherit from the pod of the notebook that starts them. The configuration replaces what it names; variables,
 * volumes and mounts it replaces by their names.
 * @param pod undefined where there is none, e.g. on a laptop
 */
export function inheritPod(pod: Pod | undefined, config: InheritedSpec = {}, notebook: Notebook = {}): Inheritance {
  const left: { what: string; why: string }[] = [];
  const ofPod = pod === undefined ? {} : fromPod(pod, (what, why) => void left.push({ what, why }));
  const layers: readonly (readonly [Origin, InheritedSpec])[] = [
    ['notebook', fromNotebook(notebook)],
    ['pod', ofPod],
    ['config', config]
  ];
  const origins = new Map<string, Origin>();
  const spec = new Map<string, unknown>();
  for (const [origin, layer] of layers)
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const known = spec.get(key);
      if (isNamed(key)) {
        const names = new Set((value as readonly Named[]).map(({ name }) => name));
        for (const name of names) origins.set(`${key}.${name}`, origin);
        const others = ((known ?? []) as readonly Named[]).filter(({ name }) => !names.has(name));
        spec.set(key, [...others, ...(value as readonly Named[])]);
      } else {
        origins.set(key, origin);
        // Who says as which user jobs run has not said anything about the rest, e.g. the group of files.
        spec.set(
          key,
          key === 'securityContext' ? { ...(known as RawFields | undefined), ...(value as RawFields) } : value
        );
      }
    }
  // What a container says of itself wins over its pod, and would hide what the configuration says of that.
  const { containerSecurityContext: own } = ofPod;
  if (own !== undefined && config.securityContext !== undefined)
    spec.set('containerSecurityContext', withoutKeysOf(own, config.securityContext));
  return { spec: Object.fromEntries(spec), origins, left };
}

/** Without the fields that another one has too. */
export function withoutKeysOf(fields: RawFields, others: RawFields): RawFields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !Object.hasOwn(others, key)));
}

type Named = EnvVar | Volume | VolumeMount;

function isNamed(key: string): key is (typeof BY_NAME)[number] {
  return (BY_NAME as readonly string[]).includes(key);
}

/** The first JupyterFlow took these from its own process. */
function fromNotebook({ uid, gid, env = {} }: Notebook): InheritedSpec {
  const variables = OF_NOTEBOOK.flatMap(name => {
    const value = env[name];
    // The form of Kubernetes, which would expand it.
    return value === undefined ? [] : [{ name, value: value.replace(/\$/g, '$$$$') }];
  });
  return {
    ...(uid === undefined
      ? {}
      : { securityContext: { runAsUser: uid, ...(gid === undefined ? {} : { runAsGroup: gid }) } }),
    ...(variables.length === 0 ? {} : { env: variables })
  };
}

type Leave = (what: string, why: string) => void;

function fromPod(pod: Pod, leave: Leave): InheritedSpec {
  const { containers = [], ...spec } = pod.spec ?? {};
  const container = containers.find(({ name }) => name === 'notebook') ?? containers[0] ?? {};
  for (const { name } of containers) if (name !== container.name) leave(`container ${name ?? ''}`, 'a sidecar');
  for (const { name } of listOf(spec['initContainers']) as readonly Container[])
    leave(`container ${name ?? ''}`, 'an init container');
  const all = listOf(container['env']) as readonly EnvVar[];
  const env = environmentOf(all, leave);
  const volumes = (listOf(spec['volumes']) as readonly Volume[]).filter(volume => !isTokenVolume(volume));
  const known = new Set(volumes.map(({ name }) => name));
  const mounts = (listOf(container['volumeMounts']) as readonly VolumeMount[]).filter(mount => {
    if (known.has(mount.name)) return true;
    leave(`mount ${mount.mountPath}`, 'a token of the notebook');
    return false;
  });
  const mounted = new Set(mounts.map(({ name }) => name));
  return {
    ...pick(container, ['image', 'imagePullPolicy', 'resources', 'envFrom']),
    ...pick(spec, OF_POD),
    ...(container['securityContext'] === undefined
      ? {}
      : { containerSecurityContext: container['securityContext'] as RawFields }),
    ...(env.length === 0 ? {} : { env }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts.map(mount => withPlainPath(mount, all)) }),
    ...(mounts.length === 0 ? {} : { volumes: volumes.filter(({ name }) => mounted.has(name)) })
  };
}

/** Without what belongs to the Hub and the notebook's server, also where another variable uses it. */
function environmentOf(all: readonly EnvVar[], leave: Leave): readonly EnvVar[] {
  const foreign = new Map(all.filter(isForeign).map(({ name, value }) => [name, value]));
  return all.flatMap(variable => {
    if (foreign.has(variable.name)) {
      leave(`variable ${variable.name}`, 'of the Hub, the notebook server or the cluster');
      return [];
    }
    if (refersToContainer(variable)) {
      leave(`variable ${variable.name}`, 'about the container of the notebook');
      return [];
    }
    const { value } = variable;
    if (value === undefined) return [variable];
    const used = referencesIn(value).filter(name => foreign.has(name));
    const secret = used.find(name => isSecretName(name) || foreign.get(name) === undefined);
    if (secret !== undefined) {
      leave(`variable ${variable.name}`, `it holds ${secret}`);
      return [];
    }
    return [{ ...variable, value: expand(value, foreign) }];
  });
}

/** The folder of a mount may be named by a variable that jobs don't get, e.g. the user's name. */
function withPlainPath(mount: VolumeMount, env: readonly EnvVar[]): VolumeMount {
  if (mount.subPathExpr === undefined) return mount;
  const values = new Map(env.map(({ name, value }) => [name, value]));
  if (referencesIn(mount.subPathExpr).some(name => values.get(name) === undefined)) return mount;
  const { subPathExpr, ...rest } = mount;
  return { ...rest, subPath: expand(subPathExpr, values) };
}

const REFERENCE = /(\$\$)|\$\(([^)]*)\)/g;

function referencesIn(value: string): readonly string[] {
  return [...value.matchAll(REFERENCE)].flatMap(([, , name]) => name ?? []);
}

/** Kubernetes' `$(NAME)`, for the names that are known; `$$` stays what it is. */
function expand(value: string, values: ReadonlyMap<string, string | undefined>): string {
  return value.replace(REFERENCE, (whole, _, name: string | undefined) => values.get(name ?? '') ?? whole);
}

function refersToContainer({ valueFrom }: EnvVar): boolean {
  const field = valueFrom?.['resourceFieldRef'] as { readonly containerName?: string } | undefined;
  return field?.containerName !== undefined;
}

/** Kubernetes mounts such a one into each pod; the job's has its own. */
function isTokenVolume({ name, ...volume }: Volume): boolean {
  const projected = (volume as { readonly projected?: { readonly sources?: readonly RawFields[] } }).projected;
  return (
    name.startsWith('kube-api-access-') || projected?.sources?.some(source => 'serviceAccountToken' in source) === true
  );
}

function pick(from: RawFields, keys: readonly string[]): RawFields {
  return Object.fromEntries(
    keys.flatMap(key => (from[key] === undefined || from[key] === null ? [] : [[key, from[key]]]))
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
