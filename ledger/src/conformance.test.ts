import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformance } from './conformance.js';
import { openEmbeddedLedger } from './embedded/open.js';
import { openMemoryLedger } from './memory.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
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
