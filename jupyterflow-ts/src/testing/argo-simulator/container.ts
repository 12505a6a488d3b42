/** What the simulator reads of a container. */
export interface PodContainer {
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly PodVariable[];
  readonly envFrom?: readonly EnvSource[];
  readonly volumeMounts?: readonly PodMount[];
}

interface EnvSource {
  readonly prefix?: string;
  readonly secretRef?: Named;
  readonly configMapRef?: Named;
}

interface Named {
  readonly name: string;
  readonly optional?: boolean;
}

interface PodVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: Named & { readonly key: string } };
}

interface PodMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
}

/** Keys of secrets and config maps, by `secret/NAME` and `configMap/NAME`. */
export type Settings = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What keeps the container from being made, in the words of the kubelet. */
export function missingSetting({ env = [], envFrom = [] }: PodContainer, settings: Settings): string | undefined {
  for (const source of envFrom) {
    const { key, name, optional } = settingOf(source);
    if (!optional && !settings.has(key))
      return `CreateContainerConfigError: ${key.split('/')[0]?.toLowerCase() ?? ''} "${name}" not found`;
  }
  for (const { valueFrom } of env) {
    const reference = valueFrom?.secretKeyRef;
    if (reference === undefined || reference.optional === true) continue;
    const secret = settings.get(`secret/${reference.name}`);
    if (secret === undefined) return `CreateContainerConfigError: secret "${reference.name}" not found`;
    if (!secret.has(reference.key))
      return `CreateContainerConfigError: couldn't find key ${reference.key} in Secret ${reference.name}`;
  }
  return undefined;
}

/** The variables of a container; later ones win and may use those before. */
export function environmentOf(
  { env = [], envFrom = [] }: PodContainer,
  settings: Settings
): ReadonlyMap<string, string> {
  const result = new Map([
    ['PATH', '/usr/local/bin:/usr/bin:/bin'],
    ['HOME', '/root']
  ]);
  for (const source of envFrom)
    for (const [name, value] of settings.get(settingOf(source).key) ?? [])
      result.set(`${source.prefix ?? ''}${name}`, value);
  for (const { name, value = '', valueFrom } of env) {
    const reference = valueFrom?.secretKeyRef;
    if (reference === undefined) result.set(name, expand(value, result));
    else result.set(name, settings.get(`secret/${reference.name}`)?.get(reference.key) ?? '');
  }
  return result;
}

function settingOf({ secretRef, configMapRef }: EnvSource): {
  readonly key: string;
  readonly name: string;
  readonly optional: boolean;
} {
  const { name = '', optional = false } = secretRef ?? configMapRef ?? {};
  return { key: `${secretRef === undefined ? 'configMap' : 'secret'}/${name}`, name, optional };
}

/** k8s.io/kubernetes/third_party/forked/golang/expansion: `$(NAME)` is a variable that is known, `$$` is `$`. */
export function expand(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (env.get(name) ?? all)
  );
}
