import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openEmbeddedLedger, openMemoryLedger, type FinalState } from '@jupyterflow/ledger';
import { Rig } from '../testing/rig.js';

const bin = fileURLToPath(new URL('../../../ledger/bin/jupyterflow-ledger.js', import.meta.url));

test('a steward verifies the log over the API, with the key that they trust', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-api-'));
  const now = Date.now();
  const rig = await Rig.open({ ledger: await openEmbeddedLedger({ folder, clock: () => now }), clock: fixed(now) });
  try {
    await rig.publish('stina');
    await rig.platform.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = rig.platform.app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/services/platform/api/v1/ledger`;
    const key = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    const verify = (token: string) =>
      promisify(execFile)(process.execPath, [bin, 'verify', url, '--key', key], {
        env: { JUPYTERHUB_API_TOKEN: token }
      });
    expect((await verify('token-stina')).stdout).toMatch(/^ok: \d+ entries, root \S+\n$/);
    await expect(verify('token-kari')).rejects.toMatchObject({
      code: 2,
      stderr: `error IO: ${url}/entries answered 403. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of a steward.\n`
    });
  } finally {
    await rig.close();
    await rm(folder, { recursive: true });
  }
}, 60_000);

describe('where a lease counts only when it is final', () => {
  const state = (final: boolean): FinalState => ({
    index: 0,
    final,
    witnesses: final ? ['uis', 'uib'] : ['uis'],
    needed: 2
  });
  let rig: Rig;
  let final: boolean;
  beforeAll(async () => {
    const ledger = openMemoryLedger();
    Object.assign(ledger, {
      final: () => Promise.resolve(state(final)),
      witnesses: () => [{ organization: 'uis', size: 3, lag: 1, problem: 'it can not be reached at http://10.0.0.1' }]
    });
    rig = await Rig.open({ ledger, finality: 'final', clock: fixed(Date.now()) });
  }, 60_000);
  afterAll(() => rig.close());

  test('a lease that the witnesses do not confirm is not given out', async () => {
    final = true;
    const { id } = await rig.publish('stina', { policy: { concurrency: 10 } });
    final = false;
    const wish = { purpose: 'research', duration: 'PT1H' };
    const refused = await rig.call('kari', 'POST', `datasets/${id}/leases`, wish);
    expect([refused.statusCode, refused.json<unknown>()]).toMatchObject([
      503,
      {
        code: 'LEDGER_UNAVAILABLE',
        detail: 'The ledger has it, but it is not final: 1 of 2 witnesses confirmed it. Try again in a moment.'
      }
    ]);
    final = true;
    expect((await rig.call('berit', 'POST', `datasets/${id}/leases`, wish)).statusCode).toBe(201);
  });

  test('a run does not start before all that it relies on is final', async () => {
    final = false;
    const run = { source: 'jobs:\n- echo hello\n', workspace: '/home/jovyan/work' };
    expect((await rig.call('kari', 'POST', 'runs', run)).statusCode).toBe(503);
    const runs = await rig.call('kari', 'GET', 'runs');
    expect(runs.json<{ items: unknown[] }>().items).toEqual([]);
  });

  test('the lag of the witnesses is shown, and not where they are', async () => {
    const answer = await rig.platform.app.inject('/services/platform/readyz');
    expect(answer.json()).toEqual({ status: 'ok', missing: [], witnesses: [{ organization: 'uis', lag: 1 }] });
  });
});

/** The clock of the ledger and of the platform, so that they do not differ. */
function fixed(now: number): NonNullable<Parameters<typeof Rig.open>[0]>['clock'] & object {
  return { now: () => now, at: () => () => undefined };
}
