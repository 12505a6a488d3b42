// What must be on the machine before anything else: Node, Python, and a few system packages.
import { spawnSync } from 'node:child_process';
import { StepFailed } from './steps.mjs';

const NODE = [20, 19];
const PYTHON = [3, 10];

/** System packages by the program they bring. */
const PACKAGES = {
  bwrap: { apt: 'bubblewrap', dnf: 'bubblewrap', why: 'jobs and notebook servers run in its sandboxes' },
  chromium: { apt: 'chromium', dnf: 'chromium', why: 'the browser tests drive it' }
};

const MANAGERS = [
  {
    program: 'apt-get',
    key: 'apt',
    refresh: ['apt-get', 'update', '-q'],
    install: ['apt-get', 'install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=500']
  },
  { program: 'dnf', key: 'dnf', install: ['dnf', 'install', '-y'] }
];

const has = (program, env) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { env }).status === 0;
const older = (version, least) => version[0] < least[0] || (version[0] === least[0] && version[1] < least[1]);

/** Refuses a Node that is too old. */
export function checkNode() {
  const version = process.versions.node.split('.').map(Number);
  if (older(version, NODE))
    throw new StepFailed(
      'Node',
      `this is ${process.version}, at least ${NODE.join('.')} is needed (https://nodejs.org)`
    );
}

/**
 * The Python to make the virtual environment with.
 * @returns {string} its program name
 */
export function findPython() {
  for (const program of ['python3', 'python']) {
    const { status, stdout } = spawnSync(program, ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'], {
      encoding: 'utf8'
    });
    if (status === 0 && !older(stdout.trim().split(' ').map(Number), PYTHON)) return program;
  }
  throw new StepFailed(
    'Python',
    `no Python >= ${PYTHON.join('.')} with the venv module was found as python3 or python; on Debian and Ubuntu: sudo apt-get install python3-venv`
  );
}

/**
 * Brings the programs that are missing, where that needs no password.
 * @param {import('./steps.mjs').Steps} steps
 * @param {(keyof typeof PACKAGES)[]} programs
 * @param {NodeJS.ProcessEnv=} env where they are looked for
 */
export async function bringPrograms(steps, programs, env = process.env) {
  const missing = programs.filter(program => !has(program, env));
  if (missing.length === 0) return;
  const manager = MANAGERS.find(({ program }) => has(program, env));
  const names = missing.map(program => PACKAGES[program][manager?.key ?? 'apt']);
  const reasons = missing.map((program, i) => `${names[i]} (${PACKAGES[program].why})`).join(' and ');
  const install = manager && [...manager.install, ...names];
  if (process.getuid?.() !== 0 || !install) {
    const command = `${manager ? `sudo ${manager.program} ` : ''}install ${names.join(' ')}`;
    throw new StepFailed(
      'System packages',
      `${reasons} ${names.length > 1 ? 'are' : 'is'} missing. Please type:\n\n    ${command}\n`
    );
  }
  await steps.run(`System packages ${names.join(' ')}`, async ({ command }) => {
    const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
    if (manager.refresh) await command(manager.refresh, options);
    await command(install, options);
  });
}

/** Refuses a machine on which bubblewrap can't make a sandbox, e.g. where user namespaces are switched off. */
export function checkSandbox() {
  const { status, stderr } = spawnSync(
    'bwrap',
    ['--unshare-all', '--unshare-user', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
    { encoding: 'utf8' }
  );
  if (status !== 0)
    throw new StepFailed(
      'Sandbox',
      `bubblewrap is installed but can't make a sandbox here: ${stderr.trim()}\n  User namespaces may be switched off; as root: sysctl kernel.unprivileged_userns_clone=1 (Debian) or sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu).`
    );
}
