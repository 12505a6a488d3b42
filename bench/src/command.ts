import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compare } from './measure.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const bundle = path('../../jupyterflow-ts/bundle/jupyterflow.js');
const file = path('../../examples/lorem-count/workflow.yaml');

/** How long the command takes to start, beside a Node that does nothing. */
export function command(): Promise<string> {
  const node = (...args: readonly string[]) => ({
    work: () => {
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    }
  });
  return compare(
    [
      { name: 'node -e 0', ...node('-e', '0') },
      { name: 'jupyterflow --help', ...node(bundle, '--help') },
      { name: 'jupyterflow validate', ...node(bundle, 'validate', '-f', file) }
    ],
    15
  );
}
