import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
/** PostgreSQL refuses to run as root: it is given the user that everywhere is nobody. */
const NOBODY = 65_534;
const DEBIAN = '/usr/lib/postgresql';

/** Folder of the programs of a PostgreSQL server, if this machine has one. */
export const postgresPrograms: string | undefined = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...(existsSync(DEBIAN) ? readdirSync(DEBIAN) : []).map(version => join(DEBIAN, version, 'bin'))
].find(folder => ['initdb', 'postgres'].every(program => existsSync(join(folder, program))));

/** A PostgreSQL server in a temporary folder, to be reached through a socket there. */
export class PostgresServer {
  readonly #programs: string;
  readonly #folder: string;
  readonly #user: { uid?: number; gid?: number };
  readonly #pool: pg.Pool;
  #server!: ChildProcess;
  #databases = 0;

  private constructor(programs: string, folder: string, user: { uid?: number; gid?: number }) {
    [this.#programs, this.#folder, this.#user] = [programs, folder, user];
    this.#pool = new pg.Pool({ connectionString: this.url('postgres') });
    this.#pool.on('error', () => undefined);
  }

  static async open(): Promise<PostgresServer> {
    if (postgresPrograms === undefined) throw new Error('PostgreSQL is not installed');
    const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
    const options = ['--encoding=UTF8', '--no-locale', '--auth=trust', '--username=platform', '--no-sync'];
    await run(join(postgresPrograms, 'initdb'), [...options, '-D', join(folder, 'data')], { ...user, cwd: folder });
    const server = new PostgresServer(postgresPrograms, folder, user);
    await server.start();
    return server;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const options = ['-D', 'data', '-k', this.#folder, '-c', 'listen_addresses=', '-c', 'fsync=off'];
    this.#server = spawn(join(this.#programs, 'postgres'), options, {
      ...this.#user,
      cwd: this.#folder,
      // Its words are looked for below.
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe']
    });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      this.#server.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('ready to accept connections')) resolve();
      });
      this.#server.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)));
    });
  }

  /** Ends all connections and then the server. */
  async stop(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const exited = once(this.#server, 'exit');
    this.#server.kill('SIGINT');
    await exited;
  }

  /** What DATABASE_URL says to reach a database. */
  url(database: string): string {
    return `postgresql://platform@/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  /** URL of a new database. */
  async database(options = ''): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.#pool.query(`create database ${name} ${options}`);
    return this.url(name);
  }

  /** Ends the connections of the platform, as an administrator may. */
  async endConnections(): Promise<void> {
    await this.#pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jupyterflow-platform'`
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
