import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { JupyterflowConfig } from '../config/config.js';
import { readConfig } from '../config/read.js';
import { EXIT, Failure } from './failure.js';
import { sayDiagnostics } from './terminal.js';

export interface ConfigFile {
  readonly path: string;
  /** False when there is no such file; then the configuration is empty. */
  readonly exists: boolean;
  readonly config: JupyterflowConfig;
}

/** `$JUPYTERFLOW_CONFIG_FILE`, else `~/.jupyterflow.yaml`. */
export function configPath(env: NodeJS.ProcessEnv = process.env): string {
  return env['JUPYTERFLOW_CONFIG_FILE'] || join(homedir(), '.jupyterflow.yaml');
}

/** Reads the configuration. What is wrong in it is said, with its lines, and ends the command. */
export async function readConfigFile(path = configPath()): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { path, exists: false, config: { spec: {} } };
    throw new Failure(EXIT.usage, `the configuration ${path} can't be read`, { code: 'CONFIG', cause });
  }
  const { config, diagnostics } = readConfig(text, path);
  sayDiagnostics(diagnostics, { text, file: path });
  if (config !== undefined) return { path, exists: true, config };
  throw new Failure(EXIT.usage, `the configuration ${path} has errors`, { code: 'CONFIG' });
}
