import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scratchFolder } from '../scenario.js';

const script = fileURLToPath(new URL('../../scripts/crash-rounds.mjs', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

// The script runs 200 rounds when it is asked to; here are a few of them.
test('a writer that is killed under load loses nothing that it answered', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '4', folder], { env: {} });
  expect(
    stdout.match(/^round \d+: killed after \d+ answers; \d+ entries, \d+ bytes unfinished, all there$/gm)
  ).toHaveLength(4);
  expect(stdout).toMatch(/^4 rounds, \d+ answers, 0 lost$/m);
}, 60_000);
