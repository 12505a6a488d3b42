// Installs and builds what is in the repository; a part whose inputs did not change is left alone.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const BUILT = ['schema', 'jupyterflow-ts', 'ledger', 'platform', 'hub', 'bench', 'extension', 'scripts'];
const NOT_SOURCES = new Set([
  'node_modules',
  'dist',
  'lib',
  'bundle',
  'generated',
  'labextension',
  '__pycache__',
  'test-data'
]);

/**
 * @param {import('./steps.mjs').Steps} steps
 * @param {{root: string, python: string}} where The repository, and the Python to make the environment with.
 * @returns {Promise<{venv: string}>}
 */
export async function install(steps, { root, python }) {
  await installNode(steps, root);
  const venv = await installPython(steps, root, python);
  await build(steps, root);
  return { venv };
}

async function installNode(steps, root) {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  const stamp = join(root, 'node_modules', '.jupyterflow-stamp');
  const wanted = digest(lock + process.version);
  if ((await read(stamp)) === wanted) return;
  const expected = Object.keys(JSON.parse(lock).packages).filter(path =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)
  ).length;
  await steps.run('Node packages', async ({ command, say }) => {
    await measured(
      async () => say(`${await countPackages(join(root, 'node_modules'))} of ${expected}`),
      () => command(['npm', 'ci', '--no-progress'], { cwd: root })
    );
  });
  await writeFile(stamp, wanted);
}

async function installPython(steps, root, python) {
  const venv = process.env.JUPYTERFLOW_VENV ?? join(root, '.venv');
  const requirements = join(root, 'hub', 'requirements.txt');
  const text = await readFile(requirements, 'utf8');
  const stamp = join(venv, '.jupyterflow-stamp');
  const wanted = digest(text + venv);
  if ((await read(stamp)) === wanted) return venv;
  const expected = text.match(/^[a-z0-9]\S*==/gim)?.length ?? 0;
  await steps.run('Python environment', async ({ command, say }) => {
    await rm(venv, { recursive: true, force: true });
    say('creating');
    await command([python, '-m', 'venv', venv]);
    const bin = join(venv, 'bin');
    // uv installs in seconds what takes pip half a minute; it comes from the same index.
    let installer = [join(bin, 'pip'), 'install', '--disable-pip-version-check'];
    try {
      await command([join(bin, 'pip'), 'install', '--disable-pip-version-check', '-q', 'uv']);
      installer = [join(bin, 'uv'), 'pip', 'install', '--python', join(bin, 'python')];
    } catch {
      say('with pip');
    }
    const site = spawnSync(join(bin, 'python'), ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
      encoding: 'utf8'
    }).stdout.trim();
    await measured(
      async () => say(`${(await names(site)).filter(name => name.endsWith('.dist-info')).length} of ${expected}`),
      () => command([...installer, '--require-hashes', '-r', requirements])
    );
  });
  await writeFile(stamp, wanted);
  return venv;
}

async function build(steps, root) {
  const stamp = join(root, 'node_modules', '.jupyterflow-built');
  const wanted = await fingerprint(root);
  if ((await read(stamp)) === wanted) return;
  await steps.run('Build', ({ command }) => command([process.execPath, 'scripts/build.mjs'], { cwd: root }));
  await writeFile(stamp, wanted);
}

/** Changes when a source file does: of every file the path, size and time. */
async function fingerprint(root) {
  const hash = createHash('sha256');
  const visit = async path => {
    for (const entry of (await readdir(join(root, path), { withFileTypes: true })).sort((a, b) =>
      a.name < b.name ? -1 : 1
    )) {
      if (NOT_SOURCES.has(entry.name)) continue;
      const child = join(path, entry.name);
      if (entry.isDirectory()) await visit(child);
      else if (entry.isFile()) {
        const { size, mtimeMs } = await stat(join(root, child));
        hash.update(`${child} ${size} ${mtimeMs}\n`);
      }
    }
  };
  for (const folder of BUILT) await visit(folder);
  return hash.digest('hex');
}

/** Calls `measure` once a second while `work` runs. */
async function measured(measure, work) {
  const timer = setInterval(() => void measure().catch(() => undefined), 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function countPackages(folder) {
  const entries = await names(folder);
  const scopes = entries.filter(name => name.startsWith('@'));
  const scoped = await Promise.all(scopes.map(scope => names(join(folder, scope))));
  return entries.length - scopes.length + scoped.flat().length;
}

const names = folder => readdir(folder).catch(() => []);
const read = path => readFile(path, 'utf8').catch(() => undefined);
const digest = text => createHash('sha256').update(text).digest('hex');
