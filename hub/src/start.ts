import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishExamples } from './datasets.js';
import { startHub, type RunningHub } from './jupyterhub.js';
import { organizations, people } from './people.js';
import { checkPorts, portsFrom } from './ports.js';
import { exists, lockState, openState, passwords, type State } from './state.js';
import { takeTour } from './tour.js';

/** Shows what a long step does; see `bootstrap/steps.mjs`. */
interface Steps {
  run<T>(title: string, work: (context: { readonly say: (far: string) => void }) => Promise<T>): Promise<T>;
}

export interface StartOptions {
  /** The repository. */
  readonly root: string;
  /** Its Python environment. */
  readonly venv: string;
  /** Folder of everything that is kept. */
  readonly state: string;
  /** The first of four ports. */
  readonly port: number;
  readonly steps: Steps;
  /** Ends after the tour. */
  readonly once: boolean;
  /** Takes the tour also when it was taken before. */
  readonly tour: boolean;
  readonly verbose: boolean;
}

/**
 * Runs JupyterFlow on this machine until it is interrupted.
 * @returns the exit code
 * @throws Error with a text for people, when a part could not start or the tour failed
 */
export async function start(options: StartOptions): Promise<number> {
  const state = await openState(options.state);
  const unlock = await lockState(state);
  try {
    const ports = portsFrom(options.port);
    await checkPorts(ports);
    const known = await passwords(state, people);
    const interrupted = interruption();
    const hub = await options.steps.run('JupyterHub', ({ say }) =>
      startHub({ root: options.root, venv: options.venv, state, ports, verbose: options.verbose }, say)
    );
    try {
      const served = serve(options, state, known, hub);
      // Interrupted in the middle of the set-up or the tour, what is left of it fails for want of a Hub; nobody asks.
      served.catch(() => undefined);
      return await Promise.race([served, interrupted.then(() => (options.once ? 130 : 0))]);
    } finally {
      await options.steps.run('Stop everything', () => hub.stop());
    }
  } finally {
    await unlock();
  }
}

async function serve(
  { root, steps, once, tour }: StartOptions,
  state: State,
  known: ReadonlyMap<string, string>,
  hub: RunningHub
): Promise<number> {
  const first = !(await exists(state.ready));
  if (first) await steps.run('Example datasets', () => publishExamples(hub.url, known, state, join(root, 'examples')));
  let result: string | undefined;
  if (first || tour || once) {
    console.log('\nThe tour: what a researcher does.');
    result = await takeTour(hub.url, 'ola', known.get('ola') ?? '', line => console.log(`  ${line}`));
    console.log('');
  }
  await writeFile(state.ready, `${new Date().toISOString()}\n`, { mode: 0o600 });
  if (once) {
    process.once('exit', () => console.log(`result: ${result ?? ''}`));
    return 0;
  }
  console.log(welcome(hub, state, known));
  await hub.ended;
  throw new Error(`JupyterHub ended by itself; its log: ${hub.log}`);
}

function welcome(hub: RunningHub, state: State, known: ReadonlyMap<string, string>): string {
  const rows = people.map(({ name, organization, steward }) => {
    const { name: title = organization } = organizations.find(({ id }) => id === organization) ?? {};
    return `  ${name.padEnd(6)} ${(known.get(name) ?? '').padEnd(18)} ${title}${steward ? ', steward: may publish' : ''}`;
  });
  return [
    `JupyterFlow is ready: ${hub.url}`,
    '',
    '  user   password           organization',
    ...rows,
    '',
    `Passwords are kept in ${join(state.folder, 'passwords.json')}, logs in ${state.logs}.`,
    'Ctrl-C stops everything.'
  ].join('\n');
}

/** Resolves at the first Ctrl-C or request to end; the second one ends at once. */
function interruption(): Promise<void> {
  return new Promise(resolve => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
  });
}
