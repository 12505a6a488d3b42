import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { conformance } from './conformance.js';
import { openEmbeddedLedger } from './embedded/open.js';
import { openMemoryLedger } from './memory.js';
import { scratchFolder } from './scenario.js';

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

const drivers = {
  memory: (clock: () => number) => Promise.resolve(openMemoryLedger({ clock })),
  embedded: (clock: () => number) => openEmbeddedLedger({ folder: join(folder, 'log'), clock })
};

describe.each(Object.entries(drivers))('the %s ledger', (_name, open) => {
  test.each(conformance)('$title', async ({ check }) => {
    await expect(check(open)).resolves.toBeUndefined();
  });
});
