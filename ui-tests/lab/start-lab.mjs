// Starts JupyterLab alone, with an empty home and the built labextension, until it is told to stop.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [port, token] = process.argv.slice(2);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const environment = process.env.JUPYTERFLOW_VENV ?? join(repository, '.venv');
const home = mkdtempSync(join(tmpdir(), 'jupyterflow-lab-'));
const extensions = join(home, 'share', 'labextensions', '@jupyterflow');

mkdirSync(extensions, { recursive: true });
mkdirSync(join(home, 'work'));
symlinkSync(
  join(repository, 'extension', 'jupyterflow_dataexplorer', 'labextension'),
  join(extensions, 'dataexplorer')
);

// JupyterLab would ask whether to fetch news.
const settings = join(home, '.jupyter', 'lab', 'user-settings', '@jupyterlab', 'apputils-extension');
mkdirSync(settings, { recursive: true });
writeFileSync(join(settings, 'notification.jupyterlab-settings'), '{ "fetchNews": "false", "checkForUpdates": false }');

const lab = spawn(
  join(environment, 'bin', 'jupyter-lab'),
  [
    '--no-browser',
    `--port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${join(home, 'work')}`,
    '--LabApp.expose_app_in_browser=True',
    ...(process.getuid?.() === 0 ? ['--allow-root'] : [])
  ],
  {
    stdio: 'inherit',
    env: {
      PATH: `${join(environment, 'bin')}:${process.env.PATH}`,
      HOME: home,
      JUPYTER_PATH: join(home, 'share'),
      JUPYTER_TOKEN: token
    }
  }
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => lab.kill('SIGTERM'));
}
lab.on('exit', code => {
  rmSync(home, { recursive: true, force: true });
  process.exit(code ?? 0);
});
