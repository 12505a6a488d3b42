#!/usr/bin/env node
// npm start: from a fresh clone to a JupyterHub that does the project's main job. Needs only Node and Python.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install } from '../bootstrap/install.mjs';
import { bringPrograms, checkNode, checkSandbox, findPython } from '../bootstrap/prerequisites.mjs';
import { Steps } from '../bootstrap/steps.mjs';

const USAGE = `npm start -- [options]

Starts JupyterHub, the platform and the DataExplorer on this machine, at http://127.0.0.1:8000.

  --once         set up, take the tour, and end; the last line is the tour's result
  --tour         take the tour again (it runs by itself only the first time)
  --port N       port of the Hub; N+1 to N+3 are used too (default 8000)
  --state DIR    folder of everything that is kept (default .jupyterflow)
  --verbose      show all output of every step
  --help         this text

Nothing outside the repository and the state folder is written; remove them and all is gone.`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function main() {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      tour: { type: 'boolean', default: false },
      port: { type: 'string', default: '8000' },
      state: { type: 'string', default: join(root, '.jupyterflow') },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_532)
    throw new TypeError(`--port ${values.port}: give a number from 1024 to 65532`);
  const state = resolve(values.state);
  const steps = new Steps({ logs: join(state, 'logs'), verbose: values.verbose });

  checkNode();
  const python = findPython();
  await bringPrograms(steps, ['bwrap']);
  checkSandbox();
  const { venv } = await install(steps, { root, python });

  const { start } = await import('../dist/start.js');
  return start({ root, venv, state, port, steps, once: values.once, tour: values.tour, verbose: values.verbose });
}

main().then(
  code => process.exit(code),
  error => {
    console.error(`\n${error instanceof TypeError ? `${error.message}\n\n${USAGE}` : error.message}`);
    process.exit(error instanceof TypeError ? 2 : 1);
  }
);
