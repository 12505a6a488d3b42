import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../engines/engine.js';

const FOLDERS = { secret: 'secrets', configMap: 'config-maps' } as const;
/** Kubernetes' own limit of a secret, in bytes. */
const LIMIT = 1024 * 1024;

/**
 * The keys of a secret or of a ConfigMap: files of a folder of its name, below `secrets/` and `config-maps/` of the user's
 * configuration. A folder that begins with a dot or a file that does is none of them.
 * @throws EngineError SECRET_MISSING when a file of a secret can be read by others.
 */
export async function localSecrets(
  kind: 'secret' | 'configMap',
  name: string
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return undefined;
  const folder = join(configurationFolder(), FOLDERS[kind], name);
  const files = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (files === undefined) return undefined;
  const keys = files.filter(file => !file.name.startsWith('.') && (file.isFile() || file.isSymbolicLink()));
  const values = await Promise.all(
    keys.map(async file => [file.name, await readKey(join(folder, file.name), kind === 'secret')] as const)
  );
  return new Map(values);
}

/** Where the keys of a secret are, for people. */
export function secretsFolder(): string {
  return join(configurationFolder(), FOLDERS.secret);
}

async function readKey(path: string, isSecret: boolean): Promise<string> {
  const file = await open(path, constants.O_RDONLY);
  try {
    const { mode, size } = await file.stat();
    if (isSecret && (mode & 0o077) !== 0)
      throw new EngineError('SECRET_MISSING', `${path} can be read by others, so it is no secret: chmod 600 it`);
    if (size > LIMIT) throw new EngineError('SECRET_MISSING', `${path} is longer than ${LIMIT} bytes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Follows the XDG Base Directory Specification, 0.8. */
function configurationFolder(): string {
  const folder = process.env['XDG_CONFIG_HOME'];
  return join(folder?.startsWith('/') ? folder : join(homedir(), '.config'), 'jupyterflow');
}
