#!/usr/bin/env node
// npm test: brings what the tests need, runs every suite, and ends with one line that counts them.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install } from '../bootstrap/install.mjs';
import { bringPrograms, checkNode, checkSandbox, findPython } from '../bootstrap/prerequisites.mjs';
import { Steps } from '../bootstrap/steps.mjs';
import { countJest, countPlaywright, total } from '../bootstrap/counts.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const results = join(root, 'test-results');

const jest = (name, args, nodeOptions) => ({
  argv: [join(root, 'node_modules/jest/bin/jest.js'), ...args, '--json', '--outputFile', join(results, `${name}.json`)],
  env: { NODE_OPTIONS: nodeOptions },
  count: countJest
});
const playwright = name => ({
  argv: [
    join(root, 'node_modules/@playwright/test/cli.js'),
    'test',
    '--config',
    join(root, `ui-tests/${name}/playwright.config.ts`),
    '--reporter',
    'list,json'
  ],
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(results, `${name}.json`) },
  count: countPlaywright
});

/** From quick to slow. */
const SUITES = {
  unit: { title: 'Packages on Node', ...jest('unit', [], '--experimental-vm-modules --no-warnings') },
  extension: { title: 'Extension', ...jest('extension', ['--config', 'extension/jest.config.cjs'], '') },
  lab: { title: 'The panel in JupyterLab', ...playwright('lab') },
  hub: { title: 'The main job in JupyterHub', ...playwright('hub') }
};

const USAGE = `npm test -- [suite ...]

Runs the test suites ${Object.keys(SUITES).join(', ')}; all of them when none is named.

  --verbose   show all output of the set-up
  --help      this text`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { verbose: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } }
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const unknown = positionals.find(name => !(name in SUITES));
  if (unknown !== undefined) throw new TypeError(`there is no suite ${unknown}`);
  const chosen = positionals.length > 0 ? positionals : Object.keys(SUITES);

  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const steps = new Steps({ logs: join(results, 'logs'), verbose: values.verbose });
  checkNode();
  const python = findPython();
  await bringPrograms(steps, ['bwrap', 'chromium']);
  checkSandbox();
  const { venv } = await install(steps, { root, python });

  const counts = [];
  for (const name of chosen) {
    const { title, argv, env, count } = SUITES[name];
    console.log(`\n== ${title} (${name})`);
    const status = await run(argv, { ...env, JUPYTERFLOW_VENV: venv });
    counts.push(
      count(JSON.parse(await readFile(join(results, `${name}.json`), 'utf8').catch(() => 'null')), name, status)
    );
  }
  const all = total(counts);
  console.log('');
  for (const reason of all.reasons) console.log(reason);
  console.log(`${all.passed} passed, ${all.failed} failed${all.skipped > 0 ? `, ${all.skipped} skipped` : ''}`);
  return all.failed === 0 ? 0 : 1;
}

/** Runs a suite and gives its exit status. */
function run(argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}

main().then(
  code => process.exit(code),
  error => {
    console.error(`\n${error instanceof TypeError ? `${error.message}\n\n${USAGE}` : error.message}`);
    process.exit(error instanceof TypeError ? 2 : 1);
  }
);
