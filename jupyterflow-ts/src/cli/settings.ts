import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT, Failure } from './failure.js';

export interface PlatformFlags {
  readonly platform?: string;
}

export interface BackendFlags extends PlatformFlags {
  readonly local?: boolean;
  /** False with --no-sandbox. */
  readonly sandbox?: boolean;
}

export const HOW_TO_SET_PLATFORM =
  'Set JUPYTERFLOW_PLATFORM, or `platform:` in ~/.jupyterflow.yaml, or use --platform URL.';

/** Where runs go: flags, then the environment, then the configuration file, else this machine. */
export async function platformOf(flags: BackendFlags): Promise<URL | undefined> {
  if (flags.local === true) {
    if (flags.platform === undefined) return undefined;
    throw new Failure(EXIT.usage, '--platform and --local exclude each other', { code: 'USAGE' });
  }
  if (flags.platform !== undefined) return parseUrl(flags.platform, '--platform');
  const fromEnvironment = process.env['JUPYTERFLOW_PLATFORM'];
  if (fromEnvironment) return parseUrl(fromEnvironment, 'JUPYTERFLOW_PLATFORM');
  const file = process.env['JUPYTERFLOW_CONFIG_FILE'] ?? join(homedir(), '.jupyterflow.yaml');
  const configured = await readConfigured(file);
  return configured === undefined ? undefined : parseUrl(configured, `\`platform\` in ${file}`);
}

/** The caller's token of the Hub, for a platform. */
export function tokenOf(): string | undefined {
  return process.env['JUPYTERFLOW_TOKEN'] ?? process.env['JUPYTERHUB_API_TOKEN'];
}

async function readConfigured(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure(EXIT.usage, `the configuration ${file} can't be read`, { code: 'CONFIG', cause });
  }
  const { readPlatform } = await import('./config-file.js');
  return readPlatform(text, file);
}

function parseUrl(text: string, where: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const hint = 'Write it like http://127.0.0.1:8000/services/platform';
  throw new Failure(EXIT.usage, `${where} is not the URL of a platform: ${text}`, { code: 'CONFIG', hint });
}
