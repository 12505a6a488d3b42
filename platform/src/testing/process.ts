import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { organizations, people, type Person } from './rig.js';

const BIN = fileURLToPath(new URL('../../bin/jupyterflow-platform.js', import.meta.url));

/** A Hub that knows {@link people} and answers as JupyterHub does. */
export class FakeHub {
  readonly asked: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  /** Answers 500 to everything. */
  broken = false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push({ url: request.url, headers: request.headers });
      const name = /^token token-(\w+)$/.exec(request.headers.authorization ?? '')?.[1];
      const user = name !== undefined && Object.hasOwn(people, name) ? people[name as Person] : undefined;
      const [status, body] = this.broken
        ? [500, {}]
        : user
          ? [200, user]
          : [403, { status: 403, message: 'Missing or invalid credentials.' }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  static async open(): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.#server.listen(0, '127.0.0.1');
    await once(hub.#server, 'listening');
    return hub;
  }

  get api(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hub/api`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The platform as JupyterHub starts it: a process of its own. */
export class PlatformProcess {
  /** All that it wrote. */
  output = '';
  child!: ChildProcess;
  readonly #port: number;
  readonly #hub: FakeHub;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    readonly state: string,
    port: number,
    hub: FakeHub,
    env: Readonly<Record<string, string>>
  ) {
    [this.#port, this.#hub, this.#env] = [port, hub, env];
  }

  static async open(hub: FakeHub, env: Readonly<Record<string, string>> = {}): Promise<PlatformProcess> {
    const state = await mkdtemp(join(tmpdir(), 'platform-process-'));
    for (const folder of ['homes/kari/work', 'data/uis/penguins'])
      await mkdir(join(state, folder), { recursive: true });
    await writeFile(join(state, 'platform.json'), JSON.stringify({ organizations }));
    const process = new PlatformProcess(state, await freePort(), hub, env);
    await process.start();
    return process;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.child = spawn(process.execPath, [BIN, 'serve'], {
      env: {
        PATH: process.env['PATH'],
        JUPYTERHUB_API_URL: this.#hub.api,
        JUPYTERHUB_SERVICE_URL: `http://127.0.0.1:${this.#port}`,
        JUPYTERHUB_SERVICE_PREFIX: '/services/platform/',
        JUPYTERFLOW_STATE: this.state,
        JUPYTERFLOW_CONFIG: join(this.state, 'platform.json'),
        ...this.#env
      },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    const read = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', read);
    this.child.stderr?.on('data', read);
    while (!(await this.#isReady())) {
      const ended = this.child.exitCode ?? this.child.signalCode;
      if (ended !== null) throw new Error(`it ended with ${ended}: ${this.output}`);
      // There is no event of another process's being ready; and it starts quicker when it is left alone.
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      const answer = await this.call(null, 'GET', 'readyz');
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** Ends it and waits for that; returns its exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(signal);
    return (await exited)[0];
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.state, { recursive: true, force: true });
  }

  /** A request below the prefix of the service. */
  call(who: Person | null, method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}/services/platform/${path}`, {
      method,
      headers: {
        ...(who && { authorization: `token token-${who}` }),
        ...(body !== undefined && { 'content-type': 'application/json' })
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    });
  }

  /** The body of an answer that must be good. */
  async json<T>(who: Person, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(who, method, `api/v1/${path}`, body);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
