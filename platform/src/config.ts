import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { WitnessAddress } from '@jupyterflow/ledger';
import type { OrganizationConfig } from './auth/identity.js';

/** What an operator decides: the JSON file at JUPYTERFLOW_CONFIG. */
export interface Configuration {
  readonly organizations: readonly OrganizationConfig[];
  /** Folders of this machine that jobs see read-only. */
  readonly readOnly?: readonly string[];
  /** Environment of each job. */
  readonly jobEnv?: Readonly<Record<string, string>>;
  /** Where users and jobs see the home. Default /home/jovyan. */
  readonly home?: string;
  /** Most jobs at once. Default: the number of processors. */
  readonly slots?: number;
  /** Where the witnesses of organizations are asked to cosign the ledger. Default: nowhere. */
  readonly witnesses?: readonly WitnessAddress[];
}

/** When a lease counts: as soon as the ledger has it, or when the organizations' witnesses made it final. */
export type FinalityWish = 'committed' | 'final';

/** What the process is told by its environment. */
export interface Environment {
  readonly hubApi: string;
  /** Host and port to listen on. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly prefix: string;
  readonly service: string;
  readonly state: string;
  readonly config: string;
  readonly databaseUrl: string | undefined;
  readonly finality: FinalityWish;
}

/** The start can't go on; the message says what to set. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** Reads what JupyterHub gives to a managed service, and JUPYTERFLOW_STATE and JUPYTERFLOW_CONFIG. @throws ConfigurationError */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const need = (name: string): string => {
    const value = env[name];
    if (!value)
      throw new ConfigurationError(
        `Set ${name}. JupyterHub sets the names that begin with JUPYTERHUB_ for its services.`
      );
    return value;
  };
  const url = URL.canParse(need('JUPYTERHUB_SERVICE_URL')) ? new URL(need('JUPYTERHUB_SERVICE_URL')) : undefined;
  if (url?.protocol !== 'http:' || url.port === '')
    throw new ConfigurationError('JUPYTERHUB_SERVICE_URL must be like http://127.0.0.1:10101.');
  const prefix = need('JUPYTERHUB_SERVICE_PREFIX');
  if (!/^\/([\w.-]+\/)*$/.test(prefix))
    throw new ConfigurationError('JUPYTERHUB_SERVICE_PREFIX must be like /services/platform/.');
  const state = need('JUPYTERFLOW_STATE');
  if (!isAbsolute(state)) throw new ConfigurationError('JUPYTERFLOW_STATE must be an absolute path.');
  return {
    hubApi: need('JUPYTERHUB_API_URL'),
    listen: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) },
    prefix,
    service: env['JUPYTERHUB_SERVICE_NAME'] ?? 'platform',
    state,
    config: need('JUPYTERFLOW_CONFIG'),
    databaseUrl: env['DATABASE_URL'],
    finality: finalityOf(env['JUPYTERFLOW_FINALITY'] ?? 'committed')
  };
}

function finalityOf(value: string): FinalityWish {
  if (value !== 'committed' && value !== 'final')
    throw new ConfigurationError('JUPYTERFLOW_FINALITY must be committed or final.');
  return value;
}

/** Reads and checks the configuration. @throws ConfigurationError */
export async function readConfiguration(path: string): Promise<Configuration> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigurationError(`${path} can not be read. It is what JUPYTERFLOW_CONFIG names.`);
  });
  try {
    return checkConfiguration(JSON.parse(text));
  } catch (error) {
    throw new ConfigurationError(`${path}: ${error instanceof ConfigurationError ? error.message : 'this is no JSON'}`);
  }
}

/** Checks a configuration. @throws ConfigurationError */
export function checkConfiguration(value: unknown): Configuration {
  const config = (typeof value === 'object' ? (value ?? {}) : {}) as Record<keyof Configuration, unknown>;
  checkOrganizations(config.organizations);
  const { readOnly = [], jobEnv = {}, home = '/home/jovyan', slots = 1 } = config;
  const checks: readonly (readonly [boolean, string])[] = [
    [isTexts(readOnly) && readOnly.every(isAbsolute), 'readOnly must be a list of absolute paths.'],
    [typeof jobEnv === 'object' && isTexts(Object.values(jobEnv ?? {})), 'jobEnv must be an object of texts.'],
    [typeof home === 'string' && /^(\/[\w.-]+)+$/.test(home), 'home must be an absolute path.'],
    [isWitnesses(config.witnesses ?? []), 'witnesses must be a list of {organization, url}, with http or https.'],
    [Number.isInteger(slots) && (slots as number) > 0, 'slots must be a whole number above 0.']
  ];
  for (const [good, problem] of checks) if (!good) throw new ConfigurationError(problem);
  return config as unknown as Configuration;
}

function checkOrganizations(value: unknown): void {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigurationError('organizations must be a list, not empty.');
  const seen = new Set<string>();
  for (const one of value as readonly Partial<Record<keyof OrganizationConfig, unknown>>[]) {
    const { id, name, group, stewards } = one;
    if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,62}$/.test(id)) {
      throw new ConfigurationError('organizations: id must be lower case letters, digits and hyphens, e.g. uis.');
    }
    if (seen.has(id)) throw new ConfigurationError(`organizations: ${id} occurs twice.`);
    seen.add(id);
    if (!isTexts([name, group, stewards]))
      throw new ConfigurationError(`organizations: ${id} needs name, group and stewards.`);
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string' && one !== '');
}

function isWitnesses(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one: Partial<Record<keyof WitnessAddress, unknown>> | null) => {
      const { organization, url } = one ?? {};
      return (
        isTexts([organization, url]) && URL.canParse(String(url)) && /^https?:$/.test(new URL(String(url)).protocol)
      );
    })
  );
}
