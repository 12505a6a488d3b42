import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The programs of the project's Python environment, which `npm test` makes; undefined when this one is not among them. */
export function pythonPrograms(program: string): string | undefined {
  const bin = join(process.env['JUPYTERFLOW_VENV'] ?? join(root, '.venv'), 'bin');
  return existsSync(join(bin, program)) ? bin : undefined;
}
