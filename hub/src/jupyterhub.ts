import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { open, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { groupsOf, organizations, people } from './people.js';
import type { Ports } from './ports.js';
import { writePrivate, type State } from './state.js';

/** A JupyterHub on this machine and all that it started: proxy, platform, notebook servers. */
export interface RunningHub {
  /** Where people and programs reach it, without a slash at the end. */
  readonly url: string;
  readonly log: string;
  /** Resolves when it ends, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

export interface HubPlace {
  readonly root: string;
  readonly venv: string;
  readonly state: State;
  readonly ports: Ports;
  readonly verbose: boolean;
}

const READY_WITHIN = 90_000;
const ASK_EVERY = 100;
const STOP_WITHIN = 20_000;

/**
 * Starts JupyterHub and waits until it and the platform answer.
 * @param say told what is waited for
 * @throws Error that names the log file, when it ends or does not answer in 90 s
 */
export async function startHub(place: HubPlace, say: (far: string) => void): Promise<RunningHub> {
  const { root, venv, state, ports, verbose } = place;
  const guard = untilParentEnds();
  const url = `http://127.0.0.1:${ports.web}`;
  const settings = await writeSettings(place, guard);
  const log = join(state.logs, 'hub.log');
  const output = await open(log, 'a', 0o600);
  const hub = [join(venv, 'bin', 'python'), '-m', 'jupyterhub', '-f', join(root, 'hub', 'jupyterhub_config.py')];
  const [program = '', ...args] = [...guard, ...hub];
  const child = spawn(program, args, {
    // A session of its own: Ctrl-C reaches this process alone, which then ends the Hub in order.
    detached: true,
    cwd: state.hub,
    env: { ...process.env, JUPYTERFLOW_HUB: settings, JUPYTERHUB_CRYPT_KEY: undefined },
    stdio: ['ignore', verbose ? 'inherit' : output.fd, verbose ? 'inherit' : output.fd]
  });
  await output.close();
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const running = { url, log, ended, stop: () => stop(child, ended) };
  try {
    await ready(ports, child, say);
  } catch (error) {
    await running.stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n  everything it printed: ${log}`);
  }
  return running;
}

/** Words before a command that end it with its parent, even when that is killed without a chance to do so. */
function untilParentEnds(): readonly string[] {
  const prefix = ['setpriv', '--pdeathsig', 'TERM'];
  return spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0 ? prefix : [];
}

/** The files that the Hub and the platform read. */
async function writeSettings({ root, venv, state, ports }: HubPlace, guard: readonly string[]): Promise<string> {
  const python = spawnSync(join(venv, 'bin', 'python'), ['-c', 'import sys; print(sys.base_prefix)'], {
    encoding: 'utf8'
  });
  const prefix = python.stdout.trim();
  // What lies below /usr is in every sandbox anyway.
  const pythonFolders = [venv, ...(prefix === '/usr' ? [] : [prefix, await realpath(prefix)])].filter(
    (folder, i, all) => all.indexOf(folder) === i
  );
  const platform = join(state.hub, 'platform.json');
  await writePrivate(
    platform,
    JSON.stringify({
      organizations,
      home: '/home/jovyan',
      readOnly: pythonFolders,
      jobEnv: { PATH: `${join(venv, 'bin')}:/usr/local/bin:/usr/bin:/bin` }
    })
  );
  const path = join(state.hub, 'hub.json');
  await writePrivate(
    path,
    JSON.stringify({
      port: ports.web,
      state: state.folder,
      node: process.execPath,
      guard,
      proxy: proxyProgram(),
      platform,
      examples: join(root, 'examples'),
      pythonFolders,
      users: people.map(person => ({ name: person.name, groups: groupsOf(person) }))
    })
  );
  return path;
}

function proxyProgram(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('configurable-http-proxy/package.json')), 'bin', 'configurable-http-proxy');
}

async function ready(ports: Ports, child: ChildProcess, say: (far: string) => void): Promise<void> {
  const until = performance.now() + READY_WITHIN;
  for (const [what, path] of [
    ['JupyterHub', `:${ports.hub}/hub/api/`],
    ['the platform', `:${ports.platform}/services/platform/readyz`],
    ['the proxy', `:${ports.web}/services/platform/readyz`]
  ] as const) {
    const url = `http://127.0.0.1${path}`;
    say(`waiting for ${what}`);
    while (!(await answers(url))) {
      if (hasEnded(child)) throw new Error('JupyterHub ended while it was starting');
      if (performance.now() > until)
        throw new Error(`${what} did not answer at ${url} within ${READY_WITHIN / 1000} s`);
      await delay(ASK_EVERY);
    }
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false
  );
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  child.kill('SIGTERM');
  const patience = new AbortController();
  await Promise.race([ended, delay(STOP_WITHIN, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  if (!hasEnded(child)) {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
}
