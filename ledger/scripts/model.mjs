// Plays the ledger against its model: `npm run model -w ledger -- --runs 10000 --steps 50 [--seed N]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    steps: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) }
  }
});
const { runs, steps, seed } = values;
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,10}$/.test(value)) {
    process.stderr.write(`error: --${name} must be a number\n`);
    process.exit(2);
  }
}
process.stdout.write(`${runs} runs of ${steps} steps, seed ${seed}\n`);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { status } = spawnSync(process.execPath, [`${root}node_modules/jest/bin/jest.js`, 'ledger/src/model'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    MODEL_RUNS: runs,
    MODEL_STEPS: steps,
    MODEL_SEED: seed,
    MODEL_REPORT: 'yes'
  }
});
process.exitCode = status ?? 1;
