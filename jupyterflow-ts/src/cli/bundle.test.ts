import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandRig } from '../testing/command.js';
import { VERSION } from './version.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test('the bundle needs nothing beside itself', async () => {
  const rig = new CommandRig();
  const bundle = join(rig.folder, 'bundle');
  const { status } = spawnSync(process.execPath, [here('../../scripts/bundle.mjs'), bundle]);
  expect(status).toBe(0);
  const bundled = new CommandRig(join(bundle, 'jupyterflow.js'));
  bundled.write('workflow.yaml', 'jobs: [echo a]\n');
  expect((await bundled.run('compile', '-f', 'workflow.yaml', '-o', 'json')).exit).toBe(0);
  expect(await bundled.run('run', '-f', 'workflow.yaml', '--local', '--wait', '--no-sandbox')).toMatchObject({
    exit: 0
  });
  rig.dispose();
  bundled.dispose();
});

test('the version is that of the package', () => {
  expect(JSON.parse(readFileSync(here('../../package.json'), 'utf8'))).toMatchObject({ version: VERSION });
});
