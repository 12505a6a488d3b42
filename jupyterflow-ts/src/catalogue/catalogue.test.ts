import { compile } from '../compile.js';
import { catalogue, type CatalogueEntry } from './index.js';

const entries = Object.entries<CatalogueEntry>(catalogue);

const idsOf = (text: string, params: CatalogueEntry['params'] = {}): readonly string[] =>
  compile({ text, file: 'workflow.yaml' }, { params }).diagnostics.map(({ id, severity }) => `${severity} ${id}`);

test.each(entries)('%s: the bad example gets it', (id, { severity, bad, params }) => {
  expect(idsOf(bad, params)).toContain(`${severity} ${id}`);
});

test.each(entries)('%s: the mended example is right', (_, { mended, params }) => {
  expect(idsOf(mended, params).filter(told => !told.startsWith('info '))).toEqual([]);
});

test('each title is there once', () => {
  expect(new Set(entries.map(([, { title }]) => title)).size).toBe(entries.length);
});
