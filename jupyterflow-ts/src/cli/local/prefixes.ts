import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Folders outside of the system's that the Pythons of a PATH need: a virtual environment, and the installation behind it.
 */
export async function pythonPrefixes(path: string): Promise<readonly string[]> {
  const prefixes = new Set<string>();
  for (const bin of path.split(':').filter(folder => folder.startsWith('/'))) {
    const python = await realpath(join(bin, 'python3')).catch(() => undefined);
    if (python === undefined) continue;
    for (const prefix of [dirname(await realpath(bin)), dirname(dirname(python))]) {
      if (prefix !== '/' && prefix !== '/usr' && !prefix.startsWith('/usr/')) prefixes.add(prefix);
    }
  }
  return [...prefixes];
}
