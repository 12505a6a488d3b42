import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bin, logOfOne, runIn } from '../testing/command.js';

let folder: string;
beforeEach(async () => {
  ({ folder } = await logOfOne());
});
afterEach(() => rm(folder, { recursive: true }));

describe('a log on the network', () => {
  test('a folder whose name looks like an address is a folder', async () => {
    const named = join(folder, 'lf:log');
    await mkdir(named);
    for (const file of ['log.pub', 'log.jsonl', 'checkpoint']) {
      await rename(join(folder, file), join(named, file));
    }
    expect(await runIn(folder, 'verify', 'lf:log')).toMatchObject({ code: 0, stderr: '' });
    expect(await runIn(folder, 'prove', 'lf:log', '--lease', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error NOT_FOUND: There is no lease none in .*lf:log\./) as string
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing of the copy, and ends it as ever', async signal => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const checkpoint = await readFile(join(folder, 'checkpoint'));
    // Half of the entries, and no end.
    let asked: () => void;
    const copying = new Promise<void>(resolve => (asked = resolve));
    const server = createServer((request, response) => {
      if (request.url?.endsWith('/checkpoint') === true) {
        response.end(checkpoint);
      } else {
        response.write('{"entry":');
        asked();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ledger`;
    const key = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    const child = spawn(process.execPath, [bin, 'verify', url, '--key', key], {
      stdio: 'inherit',
      env: { TMPDIR: temporary }
    });
    await copying;
    expect(await readdir(temporary)).toHaveLength(1);
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(await readdir(temporary)).toEqual([]);
    server.closeAllConnections();
    server.close();
  });
});
