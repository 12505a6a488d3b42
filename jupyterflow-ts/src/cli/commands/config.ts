import { open } from 'node:fs/promises';
import { explain, type Explanation } from '../../inherit/explain.js';
import { inheritPod, type Inheritance } from '../../inherit/inherit.js';
import { configPath } from '../config-file.js';
import { EXIT, Failure } from '../failure.js';
import { runsFolder } from '../local/store.js';
import { printValue } from '../output.js';
import { readSettings, type BackendFlags, type Setting, type Settings } from '../settings.js';
import { table } from '../table.js';
import { harmless, print, say } from '../terminal.js';

export interface ConfigFlags extends BackendFlags {
  readonly output: string;
  readonly generateConfig?: boolean;
  readonly force?: boolean;
}

interface Shown {
  readonly name: string;
  readonly value: string;
  readonly from: Setting<string>['from'];
  readonly where?: string;
}

/** Shows each setting and where it comes from; no secrets. */
export async function config(flags: ConfigFlags): Promise<number> {
  if (flags.generateConfig === true) return generate(flags.force === true);
  const settings = await readSettings(flags);
  const shown = settingsOf(settings);
  const inherited = explain(await inheritanceOf(settings));
  if (flags.output === 'text') print(describe(settings, shown, inherited));
  else await printValue({ file: fileOf(settings), settings: shown, jobs: inherited }, flags.output);
  return EXIT.ok;
}

/** From the pod of the notebook that this runs in only where runs go to its cluster. */
async function inheritanceOf({ backend, context, namespace, file }: Settings): Promise<Inheritance> {
  const { config: ofFile } = file;
  if (backend.value !== 'kube') return inheritPod(undefined, ofFile.spec);
  const [{ connectTo }, { ownPod }, { told }, { inheritanceOf: ofPod }] = await Promise.all([
    import('../kube/connect.js'),
    import('../kube/notebook.js'),
    import('../kube/failure.js'),
    import('../kube/manifest.js')
  ]);
  const place = { ...(context === undefined ? {} : { context }), ...(namespace === undefined ? {} : { namespace }) };
  try {
    return ofPod(await told(ownPod(connectTo(place))), ofFile);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`what jobs inherit from the notebook is not known: ${harmless(error.message)}\n`);
    return inheritPod(undefined, ofFile.spec);
  }
}

function fileOf({ file: { path, exists } }: Settings): { readonly path: string; readonly exists: boolean } {
  return { path, exists };
}

function settingsOf(settings: Settings): readonly Shown[] {
  const { backend, platform, token, context, namespace, file } = settings;
  const { argoVersion, argoUrl, temporaryStorage, sites, gpuTypes } = file.config;
  const ofFile = (value: string | undefined, key: string): Setting<string> | undefined =>
    value === undefined ? undefined : { value, from: 'config', where: key };
  const all: Readonly<Record<string, Setting<string> | undefined>> = {
    backend,
    platform: platform === undefined ? undefined : { ...platform, value: withoutPassword(platform.value) },
    token: token === undefined ? undefined : { ...token, value: '****' },
    context,
    namespace,
    argoVersion: ofFile(argoVersion, 'argoVersion') ?? { value: '4', from: 'default' },
    argoUrl: ofFile(argoUrl, 'argoUrl'),
    temporaryStorage: ofFile(temporaryStorage, 'temporaryStorage'),
    sites: ofFile(sites && Object.keys(sites).join(', '), 'sites'),
    gpuTypes: ofFile(gpuTypes && Object.keys(gpuTypes).join(', '), 'gpuTypes'),
    runs: {
      value: runsFolder(),
      from: process.env['XDG_DATA_HOME'] ? 'environment' : 'default',
      where: 'XDG_DATA_HOME'
    }
  };
  return Object.entries(all).flatMap(([name, setting]) => (setting === undefined ? [] : [{ name, ...setting }]));
}

function withoutPassword(url: string): string {
  const { username, password, href } = new URL(url);
  return password === '' ? url : href.replace(`${username}:${password}@`, `${username}:****@`);
}

function describe({ file }: Settings, shown: readonly Shown[], inherited: readonly Explanation[]): string {
  const rows = shown.map(({ name, value, from, where }) => [
    name,
    value,
    from === 'default' ? from : `${from} ${where ?? ''}`
  ]);
  const head = `${file.path}${file.exists ? '' : ' (not there; jupyterflow config --generate-config makes one)'}\n`;
  const settings = table([['SETTING', 'VALUE', 'FROM'], ...rows]);
  if (inherited.length === 0) return `${head}\n${settings}`;
  const jobs = table([
    ['JOBS ON A CLUSTER', 'VALUE', 'FROM'],
    ...inherited.map(({ what, value, from }) => [what, value, from])
  ]);
  return `${head}\n${settings}\n${jobs}`;
}

const TEMPLATE = `\
# Settings of the jupyterflow command. A flag wins over the environment, and that over this file.
# \`jupyterflow config\` shows each value and where it comes from.

# Where runs go: platform, kube (Argo Workflows of a cluster) or local (this machine).
# backend: local

# URL of the platform that lends datasets and runs workflows with them. (JUPYTERFLOW_PLATFORM, --platform)
# platform: https://hub.example.org/services/platform

# Of a cluster: context of the kubeconfig, namespace of the runs, release of Argo (3.5, 3.6, 3.7 or 4), its user interface.
# context: research
# namespace: default
# argoVersion: 4
# argoUrl: https://argo.example.org

# What jobs on a cluster get in place of what they inherit from the notebook.
spec: {}
#  image: jupyter/datascience-notebook:latest
#  imagePullPolicy: IfNotPresent
#  env:
#  - name: LANG
#    value: C.UTF-8
#  resources:
#    requests: {cpu: 500m, memory: 500Mi}
#    limits: {cpu: 500m, memory: 500Mi}
#  nodeSelector: {}
#  serviceAccountName: default
#  volumes:
#  - name: shared
#    persistentVolumeClaim: {claimName: shared}
#  volumeMounts:
#  - name: shared
#    mountPath: /shared
`;

async function generate(force: boolean): Promise<number> {
  const path = configPath();
  try {
    const file = await open(path, force ? 'w' : 'wx', 0o600);
    await file.writeFile(TEMPLATE).finally(() => file.close());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Failure(EXIT.usage, `${path} is there already`, {
        code: 'CONFIG_EXISTS',
        hint: 'Use --force to overwrite it.'
      });
    throw new Failure(EXIT.usage, `${path} can't be written: ${(cause as Error).message}`, { code: 'CONFIG', cause });
  }
  print(`${path} written\n`);
  return EXIT.ok;
}
