import { catalogue, tell, type CatalogueEntry } from './index.js';

const entries = Object.entries<CatalogueEntry>(catalogue);

const idsOf = (text: string, entry: CatalogueEntry): readonly string[] =>
  tell(text, entry).diagnostics.map(({ id, severity }) => `${severity} ${id}`);

test.each(entries)('%s: the bad example gets it', (id, entry) => {
  expect(idsOf(entry.bad, entry)).toContain(`${entry.severity} ${id}`);
});

test.each(entries)('%s: the mended example is right', (_, entry) => {
  expect(idsOf(entry.mended, entry).filter(told => !told.startsWith('info '))).toEqual([]);
});

test('each title is there once', () => {
  expect(new Set(entries.map(([, { title }]) => title)).size).toBe(entries.length);
});
