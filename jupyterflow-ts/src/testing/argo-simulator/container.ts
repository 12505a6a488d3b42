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

interface NamedKey extends Named {
  readonly key: string;
}

interface PodVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: NamedKey; readonly configMapKeyRef?: NamedKey };
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
  const missing = env.flatMap(variable => missingKey(variable, settings) ?? [])[0];
  return missing === undefined ? undefined : `CreateContainerConfigError: ${missing}`;
}

function missingKey(variable: PodVariable, settings: Settings): string | undefined {
  const reference = referenceOf(variable);
  if (reference === undefined || reference.optional) return undefined;
  const { kind, name, key } = reference;
  const values = settings.get(`${kind}/${name}`);
  if (values === undefined) return `${kind.toLowerCase()} "${name}" not found`;
  const inWords = kind === 'secret' ? 'Secret' : 'ConfigMap';
  return values.has(key) ? undefined : `couldn't find key ${key} in ${inWords} ${name}`;
}

function referenceOf({ valueFrom }: PodVariable): (Required<NamedKey> & { readonly kind: string }) | undefined {
  const { secretKeyRef: secret, configMapKeyRef: configMap } = valueFrom ?? {};
  const reference = secret ?? configMap;
  if (reference === undefined) return undefined;
  return { optional: false, ...reference, kind: secret === undefined ? 'configMap' : 'secret' };
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
  for (const variable of env) {
    const { name, value = '' } = variable;
    const reference = referenceOf(variable);
    if (reference === undefined) result.set(name, expand(value, result));
    else result.set(name, settings.get(`${reference.kind}/${reference.name}`)?.get(reference.key) ?? '');
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
