// Starts JupyterLab alone, with an empty home and the built labextension, until it is told to stop.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [port] = process.argv.slice(2);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const environment = process.env.JUPYTERFLOW_VENV ?? join(repository, '.venv');
const home = mkdtempSync(join(tmpdir(), 'jupyterflow-lab-'));
const extensions = join(home, 'share', 'labextensions', '@jupyterflow');

mkdirSync(extensions, { recursive: true });
for (const folder of ['work', 'tmp']) mkdirSync(join(home, folder));
symlinkSync(
  join(repository, 'extension', 'jupyterflow_dataexplorer', 'labextension'),
  join(extensions, 'dataexplorer')
);

// JupyterLab would look, on each load, whether it should be built again.
const settings = join(home, '.jupyter', 'labconfig');
mkdirSync(settings, { recursive: true });
writeFileSync(join(settings, 'page_config.json'), '{ "buildAvailable": false, "buildCheck": false }');

const config = fileURLToPath(new URL('jupyter_server_config.py', import.meta.url));
const lab = spawn(join(environment, 'bin', 'jupyter-lab'), [`--config=${config}`, `--port=${port}`], {
  stdio: 'inherit',
  env: {
    PATH: `${join(environment, 'bin')}:${process.env.PATH}`,
    HOME: home,
    // The folders that Galata's configuration makes are removed with the home.
    TMPDIR: join(home, 'tmp'),
    JUPYTERLAB_GALATA_ROOT_DIR: join(home, 'work'),
    JUPYTER_PATH: join(home, 'share'),
    JUPYTERFLOW_LAB_TOKEN: process.env.JUPYTERFLOW_LAB_TOKEN
  }
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => lab.kill('SIGTERM'));
lab.on('exit', code => {
  rmSync(home, { recursive: true, force: true });
  process.exit(code ?? 0);
});
