import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Folder of the programs (`python`, and what the peer installs) of a peer's own virtual environment, which is made when it is
 * missing or when what `peers/NAME.txt` pins has changed.
 * @throws Error when Python or a package can't be had.
 */
export async function peer(name: string): Promise<string> {
  const requirements = path(`../peers/${name}.txt`);
  const folder = path(`../.venv-${name}`);
  // Copied last: an environment without it was not finished.
  const mark = `${folder}/requirements.txt`;
  const made = existsSync(mark) ? await readFile(mark, 'utf8') : undefined;
  if (made !== (await readFile(requirements, 'utf8'))) {
    await rm(folder, { recursive: true, force: true });
    await install(folder, requirements);
    await copyFile(requirements, mark);
  }
  return `${folder}/bin`;
}

/** With uv where the project has it, which takes seconds; else with pip. */
async function install(folder: string, requirements: string): Promise<void> {
  const uv = path('../../.venv/bin/uv');
  if (existsSync(uv)) {
    await run(uv, ['venv', '--quiet', '--python', '3.11', folder]);
    await run(uv, ['pip', 'install', '--quiet', '--python', `${folder}/bin/python`, '--requirement', requirements]);
  } else {
    await run('python3', ['-m', 'venv', folder]);
    await run(`${folder}/bin/pip`, [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      requirements
    ]);
  }
}
