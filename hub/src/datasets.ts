import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DatasetDraft, DatasetPage } from '@jupyterflow/schema';
import { organizations, people } from './people.js';
import { Session } from './session.js';
import type { State } from './state.js';

/** A row of the Palmer penguins as the package ships them. */
export type Penguin = Readonly<Record<string, string | number | null>>;

const ISLANDS: Readonly<Record<string, string>> = { uis: 'Biscoe', uib: 'Dream', uio: 'Torgersen' };

/**
 * Publishes, for each organization by its steward through the API, what a new machine offers: an island of penguins and a
 * text. What is published already is left alone.
 */
export async function publishExamples(
  url: string,
  passwords: ReadonlyMap<string, string>,
  state: State,
  examples: string
): Promise<void> {
  const penguins = await readPenguins();
  for (const { id } of organizations) {
    const steward = people.find(person => person.organization === id && person.steward);
    if (!steward) continue;
    const session = await Session.open(url, steward.name, passwords.get(steward.name) ?? '');
    const { items } = await session.platform<DatasetPage>('GET', `/datasets?owner=${id}&limit=200`);
    const published = new Set(items.map(({ name }) => name));
    const island = penguins.filter(row => row['Island'] === ISLANDS[id]);
    const data = join(state.data, id);
    for (const draft of [penguinDraft(id, island), loremDraft(id)]) {
      if (published.has(draft.name ?? '')) continue;
      const folder = join(data, draft.storage.path);
      await mkdir(folder, { recursive: true });
      if (draft.name === `lorem-${id}`)
        await cp(join(examples, 'data', 'lorem', `${id}.txt`), join(folder, `${id}.txt`));
      else await writeFile(join(folder, 'penguins.csv'), toCsv(island));
      await session.platform('POST', '/datasets', draft);
    }
  }
}

function penguinDraft(organization: string, rows: readonly Penguin[]): DatasetDraft {
  const island = ISLANDS[organization] ?? '';
  return {
    title: `Penguins of ${island}`,
    name: `penguins-${island.toLowerCase()}`,
    description: `Body measures and sex of the penguins seen on the island ${island} of the Palmer Archipelago, Antarctica, 2007 to 2009. One file, penguins.csv. Source: Horst, Hill and Gorman (2020), palmerpenguins.`,
    tags: ['biology', 'csv'],
    size: `${rows.length} rows`,
    licence: 'CC0-1.0',
    columns: Object.keys(rows[0] ?? {}),
    structure: [{ name: 'notebooks' }, { name: 'results', folders: [{ name: 'figures' }] }],
    policy: { concurrency: 1, approval: 'auto', maxDuration: 'PT8H', renewals: 3, purposes: [] },
    storage: { kind: 'directory', path: `penguins-${island.toLowerCase()}` }
  };
}

function loremDraft(organization: string): DatasetDraft {
  const name = organizations.find(({ id }) => id === organization)?.name ?? organization;
  return {
    title: `Lorem text of ${name}`,
    name: `lorem-${organization}`,
    description:
      'A short text of placeholder Latin, for the example that counts the word lorem over three organizations.',
    tags: ['text', 'example'],
    size: '1 file',
    licence: 'CC0-1.0',
    structure: [{ name: 'results' }],
    policy: { concurrency: 2, approval: 'auto', maxDuration: 'PT8H', renewals: 3, purposes: [] },
    storage: { kind: 'directory', path: 'lorem' }
  };
}

/** The rows of all islands. */
export async function readPenguins(): Promise<readonly Penguin[]> {
  // The package exports its build alone; the data lies beside it.
  const build = createRequire(import.meta.url).resolve('vega-datasets');
  return JSON.parse(await readFile(join(dirname(build), '..', 'data', 'penguins.json'), 'utf8')) as Penguin[];
}

/** A table as CSV (RFC 4180); null is an empty field. */
export function toCsv(rows: readonly Penguin[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const field = (value: string | number | null | undefined): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map(row => columns.map(column => row[column]))]
    .map(row => `${row.map(field).join(',')}\r\n`)
    .join('');
}
