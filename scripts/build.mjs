// Builds every package: types and validators from the schemas, TypeScript, the bundled command, the labextension.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

function run(title, cwd, ...args) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: `${root}${cwd}`, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`build: ${title} failed`);
    process.exit(1);
  }
  console.log(`build: ${title} ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

run('schema types and validators', 'schema', 'scripts/generate.mjs');
run('TypeScript', '.', require.resolve('typescript/bin/tsc'), '-b');
run('empty database', 'platform', 'scripts/database.mjs');
run('jupyterflow command', 'jupyterflow-ts', 'scripts/bundle.mjs');
run(
  'JupyterLab extension',
  'extension',
  require.resolve('@jupyter/builder/lib/build-labextension.js'),
  '--core-package-file',
  require.resolve('@jupyterlab/core-meta/core.package.json'),
  '.'
);
