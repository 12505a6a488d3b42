// Bundles the command with all it needs into ../bundle (or the folder given), which then runs without node_modules.
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const outdir = process.argv[2] ?? here('../bundle');

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: [
    { in: here('../dist/cli/main.js'), out: 'jupyterflow' },
    { in: here('../dist/engines/local/spawner-process.js'), out: 'spawner-process' }
  ],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // commander is CommonJS and asks for Node's own modules with require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"
  }
});
await writeFile(`${outdir}/package.json`, '{"type":"module"}\n');
