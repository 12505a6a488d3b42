import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryLedger } from '@jupyterflow/ledger';
import type { Dataset, DatasetDraft, Lease, Problem, Run } from '@jupyterflow/schema';
import type { InjectOptions, Response } from 'light-my-request';
import type { HubUser, OrganizationConfig } from '../auth/identity.js';
import { emptyDataFolder } from '../db/data-folder.js';
import { openMemoryDatabase } from '../db/database.js';
import type { Database } from '../db/tables.js';
import { createLogger } from '../log.js';
import { createPlatform, type Platform, type PlatformOptions } from '../platform.js';
import { ManualClock } from './clock.js';

export const organizations: readonly OrganizationConfig[] = [
  { id: 'uis', name: 'University of Stavanger', group: 'uis', stewards: 'uis-stewards' },
  { id: 'uib', name: 'University of Bergen', group: 'uib', stewards: 'uib-stewards' },
  { id: 'uio', name: 'University of Oslo', group: 'uio', stewards: 'uio-stewards' }
];

const ACCESS = 'access:services!service=platform';
const person = (name: string, ...groups: string[]): HubUser => ({ name, kind: 'user', groups, scopes: [ACCESS] });

/** Who the Hub of a rig knows. The token of somebody is `token-<name>`. */
export const people = {
  stina: person('stina', 'uis', 'uis-stewards'),
  ola: person('ola', 'uis'),
  berit: person('berit', 'uib-stewards'),
  kari: person('kari', 'uib', 'chess'),
  siri: person('siri', 'uio'),
  nobody: person('nobody', 'chess'),
  both: person('both', 'uis', 'uib'),
  robot: { ...person('robot', 'uis'), kind: 'service' },
  outside: { ...person('outside', 'uis'), scopes: ['read:users:name!user'] }
} satisfies Record<string, HubUser>;
export type Person = keyof typeof people;

let empty: Promise<Blob> | undefined;

/** An empty database in memory. */
export async function memoryDatabase(): Promise<Database> {
  empty ??= emptyDataFolder();
  return openMemoryDatabase(await empty);
}

/** A platform in a temporary folder, and somebody who calls it. */
export class Rig {
  /** Every line that was logged. */
  readonly logged: string[] = [];
  readonly clock = new ManualClock(Date.now());
  readonly #homes: readonly Person[] = ['ola', 'kari', 'siri', 'stina'];
  platform!: Platform;

  private constructor(readonly state: string) {}

  /** Real ledger and database in memory, unless told otherwise. */
  static async open(options: Partial<PlatformOptions> = {}): Promise<Rig> {
    const rig = new Rig(await mkdtemp(join(tmpdir(), 'platform-')));
    await rig.start(options);
    return rig;
  }

  async start(options: Partial<PlatformOptions> = {}): Promise<void> {
    for (const name of this.#homes) await mkdir(join(this.state, 'homes', name, 'work'), { recursive: true });
    this.platform = await createPlatform({
      organizations,
      state: this.state,
      identify: token => Promise.resolve((people as Partial<Record<string, HubUser>>)[token.replace(/^token-/, '')]),
      clock: this.clock,
      ledger: options.ledger ?? openMemoryLedger({ clock: () => this.clock.now() }),
      database: options.database ?? (await memoryDatabase()),
      logger: createLogger({ write: line => void this.logged.push(line) }),
      rateLimit: { max: 100_000, window: 60_000 },
      ...options
    });
  }

  async close(): Promise<void> {
    await this.platform.close();
    await rm(this.state, { recursive: true, force: true });
  }

  /** Makes a folder of data of an organization; returns its absolute path. */
  async data(organization: string, path: string): Promise<string> {
    const folder = join(this.state, 'data', organization, path);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** A request below /api/v1 by somebody, or without a token. */
  call(
    who: Person | null,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {}
  ): Promise<Response> {
    const request: InjectOptions = {
      method,
      url: `/services/platform/api/v1/${path}`,
      headers: { ...(who && { authorization: `token token-${who}` }), ...headers }
    };
    return this.platform.app.inject(body === undefined ? request : { ...request, payload: body as object });
  }

  /** A published dataset of the organization of a steward. */
  async publish(who: Person, draft: Partial<DatasetDraft> = {}): Promise<Dataset> {
    const organization = people[who].groups[0]?.replace('-stewards', '') ?? '';
    await this.data(organization, 'penguins');
    const answer = await this.call(who, 'POST', 'datasets', {
      title: 'Penguins',
      storage: { kind: 'directory', path: 'penguins' },
      ...draft
    });
    return good<Dataset>(answer, 201);
  }

  /** A lease of somebody. */
  async lease(who: Person, dataset: string, wish: { purpose?: string; duration?: string } = {}): Promise<Lease> {
    return good<Lease>(
      await this.call(who, 'POST', `datasets/${dataset}/leases`, { purpose: 'teaching', ...wish }),
      201
    );
  }

  /** A run in somebody's folder `work`. */
  async run(who: Person, source: string): Promise<Run> {
    return good<Run>(await this.call(who, 'POST', 'runs', { source, workspace: '/home/jovyan/work' }), 201);
  }
}

/** The body of an answer that must have a status. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the shape, as of any JSON
export function good<T>(answer: Response, status = 200): T {
  if (answer.statusCode !== status) throw new Error(`expected ${status}, got ${answer.statusCode}: ${answer.body}`);
  return answer.json<T>();
}

/** Status and code of a problem. */
export function codeOf(answer: Response): string {
  return `${answer.statusCode} ${answer.json<Problem>().code}`;
}
