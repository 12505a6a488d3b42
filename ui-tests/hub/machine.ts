import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Session } from '@jupyterflow/hub';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const results = join(root, 'test-results');
const noted = join(results, 'machine.json');

/** The machine that the tests share. */
export interface Machine {
  readonly url: string;
  readonly state: string;
  readonly passwords: Readonly<Record<string, string>>;
  /** What `npm start` printed. */
  readonly output: string;
}

/** The machine that was started for this run of the tests. */
export async function machine(): Promise<Machine> {
  return JSON.parse(await readFile(noted, 'utf8')) as Machine;
}

/** A session of one of the machine's people. */
export async function login(user: string): Promise<Session> {
  const { url, passwords } = await machine();
  return Session.open(url, user, passwords[user] ?? '');
}

/** Starts a machine in a temporary state folder; returns how to stop it. */
export default async function startMachine(): Promise<() => Promise<void>> {
  const port = Number(process.env['JUPYTERFLOW_TEST_PORT'] ?? '18100');
  const state = await mkdtemp(join(tmpdir(), 'jupyterflow-'));
  await mkdir(results, { recursive: true });
  const child = spawn(process.execPath, ['hub/bin/start.mjs', '--port', String(port), '--state', state], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const output = await untilReady(child);
  const passwords = JSON.parse(await readFile(join(state, 'passwords.json'), 'utf8')) as Record<string, string>;
  const url = `http://127.0.0.1:${port}`;
  await writeFile(noted, JSON.stringify({ url, state, passwords, output } satisfies Machine), { mode: 0o600 });
  return async () => {
    const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)));
    child.kill('SIGINT');
    const code = await ended;
    const left = await processesWith(state);
    await rm(noted, { force: true });
    await rm(state, { recursive: true, force: true });
    if (code !== 0) throw new Error(`npm start ended with ${String(code)} after Ctrl-C`);
    if (left.length > 0) throw new Error(`npm start left running:\n${left.join('\n')}`);
  };
}

/** Resolves with what it printed once it says that it is ready. */
function untilReady(child: ChildProcess): Promise<string> {
  const log = createWriteStream(join(results, 'npm-start.log'));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      text += chunk.toString();
      if (text.includes('Ctrl-C stops everything.')) resolve(text);
    });
    child.once('exit', code => reject(new Error(`npm start ended with ${String(code)}; it printed:\n${text}`)));
  });
}

/** The command lines of the processes that name a folder in their arguments or environment. */
export async function processesWith(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const [line, environment] = await Promise.all(
      ['cmdline', 'environ'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''))
    );
    if (`${line ?? ''}\0${environment ?? ''}`.includes(folder))
      found.push(`${pid} ${(line ?? '').replaceAll('\0', ' ')}`);
  }
  return found;
}
