import type { DatasetPage, Lease } from '@jupyterflow/schema';
import { expect, test } from '@playwright/test';
import { inTerminal, readPenguins, type Session } from '@jupyterflow/hub';
import { login, machine } from '../machine.js';

/** What is looked at of a notebook (nbformat 4). */
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly execution_count?: number | null;
    readonly metadata: { readonly tags?: readonly string[] };
    readonly source: string;
  }[];
}

/** Leases the datasets of these names while `work` runs. */
async function withLeases(session: Session, names: readonly string[], work: () => Promise<void>): Promise<void> {
  const { items } = await session.platform<DatasetPage>('GET', '/datasets?limit=200');
  const leases: Lease[] = [];
  try {
    for (const { id } of items.filter(({ name }) => names.includes(name)))
      leases.push(
        await session.platform<Lease>('POST', `/datasets/${id}/leases`, { purpose: 'test', duration: 'PT10M' })
      );
    await work();
  } finally {
    for (const { id } of leases) await session.platform('POST', `/leases/${id}/release`, {});
  }
}

test.beforeAll(async () => (await login('ola')).startServer());

test('the tour of the first start counted the word lorem in the texts of three organizations', async () => {
  const { output } = await machine();
  expect(output).toContain('examples/lorem-count/result.txt: lorem = 42');
});

test('linear runs its three jobs one after the other', async () => {
  const session = await login('ola');
  const { output, exitCode } = await inTerminal(
    session,
    'cd ~/examples/linear && jupyterflow run -f workflow.yaml --wait'
  );
  expect(output).toContain('Succeeded');
  expect(exitCode).toBe(0);
  const { output: log } = await inTerminal(session, 'jupyterflow logs @latest --job job-3');
  expect(log).toContain('sum = 55');
});

test('notebook: papermill runs it with the parameters of the run, and keeps it with its outputs', async () => {
  const session = await login('ola');
  const { output, exitCode } = await inTerminal(
    session,
    'cd ~/examples/notebook && jupyterflow run -f workflow.yaml --wait && jupyterflow logs @latest --job show'
  );
  expect(output).toContain('pi is about 3.1422');
  expect(exitCode).toBe(0);
  const { content: files } = await session.notebook<{ content: { name: string }[] }>(
    'GET',
    '/contents/examples/notebook'
  );
  const kept = files.map(({ name }) => name).filter(name => /^analysis-.+-estimate\.ipynb$/.test(name));
  expect(kept).toHaveLength(1);
  const { content } = await session.notebook<{ content: Notebook }>('GET', `/contents/examples/notebook/${kept[0]}`);
  const code = content.cells.filter(({ cell_type }) => cell_type === 'code');
  expect(code.map(({ execution_count }) => execution_count)).toEqual([1, 2, 3, 4]);
  expect(code[1]?.metadata.tags).toEqual(['injected-parameters']);
  expect(code[1]?.source).toContain('samples = 20000');
});

test('penguins: the means over three organizations are those of the whole file', async () => {
  const session = await login('ola');
  await withLeases(session, ['penguins-biscoe', 'penguins-dream', 'penguins-torgersen'], async () => {
    const { output, exitCode } = await inTerminal(
      session,
      'cd ~/examples/penguins && jupyterflow run -f workflow.yaml --wait'
    );
    expect(output).toContain('Succeeded');
    expect(exitCode).toBe(0);
  });
  const { content } = await session.notebook<{ content: string }>(
    'GET',
    '/contents/examples/penguins/result.json?type=file&format=text'
  );
  const means = JSON.parse(content) as Record<string, number>;

  const rows = await readPenguins();
  const mean = (island?: string): number => {
    const masses = rows
      .filter(row => island === undefined || row['Island'] === island)
      .map(row => row['Body Mass (g)'])
      .filter(mass => typeof mass === 'number');
    return masses.reduce((sum, mass) => sum + mass, 0) / masses.length;
  };
  expect(means['biscoe']).toBeCloseTo(mean('Biscoe'), 9);
  expect(means['dream']).toBeCloseTo(mean('Dream'), 9);
  expect(means['torgersen']).toBeCloseTo(mean('Torgersen'), 9);
  expect(means['all']).toBeCloseTo(mean(), 9);
});

test('a run without its lease is refused, says which dataset, and changes nothing', async () => {
  const session = await login('ola');
  const before = await session.platform<{ items: unknown[] }>('GET', '/runs?limit=200');
  const { output, exitCode } = await inTerminal(
    session,
    'cd ~/examples/penguins && jupyterflow run -f workflow.yaml --wait'
  );
  for (const words of [
    'workflow.yaml:11:20',
    'LEASE_NOT_ACTIVE',
    'You hold no lease of Penguins of Biscoe',
    '^^^^^^^^^^^^^^^^^^^'
  ])
    expect(output).toContain(words);
  expect(exitCode).toBe(4);
  const after = await session.platform<{ items: unknown[] }>('GET', '/runs?limit=200');
  expect(after.items).toHaveLength(before.items.length);
});
