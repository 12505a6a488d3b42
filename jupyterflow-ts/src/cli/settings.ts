import { isPodWithToken } from '../engines/argo/api/in-pod.js';
import type { ConfigFile } from './config-file.js';
import { EXIT, Failure } from './failure.js';

export interface PlatformFlags {
  readonly platform?: string;
}

export interface BackendFlags extends PlatformFlags {
  readonly local?: boolean;
  readonly kube?: boolean;
  /** Context of the kubeconfig. */
  readonly context?: string;
  readonly namespace?: string;
  /** False with --no-sandbox. */
  readonly sandbox?: boolean;
  /** Jobs at once on this machine. */
  readonly jobs?: number;
  /** Processors that they may ask for together. */
  readonly cpu?: number;
  /** Bytes of memory that they may ask for together. */
  readonly memory?: number;
}

/** A value and why it is that: what a flag says wins over the environment, that over the configuration. */
export interface Setting<T> {
  readonly value: T;
  readonly from: 'flag' | 'environment' | 'config' | 'default';
  /** The flag, the variable, or the key of the configuration. */
  readonly where?: string;
}

export type BackendName = 'platform' | 'kube' | 'local';

/** What the command goes by. */
export interface Settings {
  readonly file: ConfigFile;
  readonly backend: Setting<BackendName>;
  readonly platform?: Setting<string>;
  /** The caller's token of the Hub, for a platform. */
  readonly token?: Setting<string>;
  readonly context?: Setting<string>;
  readonly namespace?: Setting<string>;
}

export const HOW_TO_SET_PLATFORM =
  'Set JUPYTERFLOW_PLATFORM, or `platform:` in ~/.jupyterflow.yaml, or use --platform URL.';

/** Flags, then the environment, then the configuration, then what is there. */
export async function readSettings(flags: BackendFlags, env: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const chosen = [
    flags.local === true ? '--local' : '',
    flags.kube === true ? '--kube' : '',
    flags.platform === undefined ? '' : '--platform'
  ].filter(Boolean);
  if (chosen.length > 1) throw new Failure(EXIT.usage, `${chosen.join(' and ')} exclude each other`, { code: 'USAGE' });
  const { readConfigFile } = await import('./config-file.js');
  return resolveSettings(flags, env, await readConfigFile());
}

/** @throws Failure when a value can't be */
export function resolveSettings(flags: BackendFlags, env: NodeJS.ProcessEnv, file: ConfigFile): Settings {
  const { config } = file;
  const first = (flag: string, variable: string, key: 'platform' | 'context' | 'namespace') =>
    firstOf([
      [flags[key], 'flag', flag],
      [env[variable], 'environment', variable],
      [config[key], 'config', key]
    ]);
  const platform = first('--platform', 'JUPYTERFLOW_PLATFORM', 'platform');
  const token = firstOf([
    [env['JUPYTERFLOW_TOKEN'], 'environment', 'JUPYTERFLOW_TOKEN'],
    [env['JUPYTERHUB_API_TOKEN'], 'environment', 'JUPYTERHUB_API_TOKEN']
  ]);
  const context = first('--context', 'JUPYTERFLOW_CONTEXT', 'context');
  const namespace = first('--namespace', 'JUPYTERFLOW_NAMESPACE', 'namespace');
  return {
    file,
    backend: backendOf(flags, env, file),
    ...(platform === undefined ? {} : { platform: checkUrl(platform, file) }),
    ...(token === undefined ? {} : { token }),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace })
  };
}

function backendOf(flags: BackendFlags, env: NodeJS.ProcessEnv, { config }: ConfigFile): Setting<BackendName> {
  if (flags.local === true) return { value: 'local', from: 'flag', where: '--local' };
  if (flags.kube === true) return { value: 'kube', from: 'flag', where: '--kube' };
  if (flags.platform !== undefined) return { value: 'platform', from: 'flag', where: '--platform' };
  const named = env['JUPYTERFLOW_BACKEND'];
  if (named !== undefined && named !== '') {
    if (named === 'local' || named === 'kube' || named === 'platform')
      return { value: named, from: 'environment', where: 'JUPYTERFLOW_BACKEND' };
    throw new Failure(EXIT.usage, `JUPYTERFLOW_BACKEND must be platform, kube or local, not ${named}`, {
      code: 'CONFIG'
    });
  }
  if (env['JUPYTERFLOW_PLATFORM']) return { value: 'platform', from: 'environment', where: 'JUPYTERFLOW_PLATFORM' };
  if (config.backend !== undefined) return { value: config.backend, from: 'config', where: 'backend' };
  if (config.platform !== undefined) return { value: 'platform', from: 'config', where: 'platform' };
  return { value: isPodWithToken(env) ? 'kube' : 'local', from: 'default' };
}

type Origin = readonly [value: string | undefined, from: Setting<string>['from'], where: string];

/** The first that is there; an empty text is not. */
function firstOf(origins: readonly Origin[]): Setting<string> | undefined {
  const [value, from, where] = origins.find(([text]) => text !== undefined && text !== '') ?? [];
  return value === undefined || from === undefined || where === undefined ? undefined : { value, from, where };
}

function checkUrl(platform: Setting<string>, { path }: ConfigFile): Setting<string> {
  const { value, from, where } = platform;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return platform;
  const said = from === 'config' ? `\`platform\` in ${path}` : where;
  const hint = 'Write it like http://127.0.0.1:8000/services/platform';
  throw new Failure(EXIT.usage, `${said ?? 'platform'} is not the URL of a platform: ${value}`, {
    code: 'CONFIG',
    hint
  });
}
