import { toArgo } from '../argo/argo.js';
import { compile } from '../compile.js';
import { catalogue, type CatalogueEntry } from './index.js';

const entries = Object.entries<CatalogueEntry>(catalogue);

function idsOf(text: string, { params = {}, cluster }: CatalogueEntry): readonly string[] {
  const { diagnostics, plan } = compile({ text, file: 'workflow.yaml' }, { params });
  const problems = cluster === undefined || plan === undefined ? [] : toArgo(plan).problems;
  return [...diagnostics, ...problems].map(({ id, severity }) => `${severity} ${id}`);
}

test.each(entries)('%s: the bad example gets it', (id, entry) => {
  expect(idsOf(entry.bad, entry)).toContain(`${entry.severity} ${id}`);
});

test.each(entries)('%s: the mended example is right', (_, entry) => {
  expect(idsOf(entry.mended, entry).filter(told => !told.startsWith('info '))).toEqual([]);
});

test('each title is there once', () => {
  expect(new Set(entries.map(([, { title }]) => title)).size).toBe(entries.length);
});
