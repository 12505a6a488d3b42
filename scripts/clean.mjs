// Removes what the build made.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = ['schema', 'jupyterflow-ts', 'ledger', 'platform', 'hub', 'bench', 'extension'];
const made = [
  'dist',
  'lib',
  'bundle',
  'src/generated',
  'jupyterflow_dataexplorer/labextension',
  'tsconfig.tsbuildinfo'
];
await Promise.all(
  packages.flatMap(name => made.map(path => rm(`${root}${name}/${path}`, { recursive: true, force: true })))
);
