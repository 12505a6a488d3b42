import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openEmbeddedLedger, openMemoryLedger, type FinalState } from '@jupyterflow/ledger';
import type { Lease, OrganizationPage } from '@jupyterflow/schema';
import { Rig, good, type Person } from '../testing/rig.js';

const bin = fileURLToPath(new URL('../../../ledger/bin/jupyterflow-ledger.js', import.meta.url));

describe('over the API', () => {
  const now = Date.now();
  let rig: Rig;
  let folder: string;
  let lease: Lease;
  let url: string;
  let logKey: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ledger-api-'));
    rig = await Rig.open({ ledger: await openEmbeddedLedger({ folder, clock: () => now }), clock: fixed(now) });
    const { id } = await rig.publish('stina');
    lease = await rig.lease('kari', id, { purpose: 'cancer research' });
    await rig.platform.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = rig.platform.app.server.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/services/platform/api/v1/ledger`;
    logKey = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
  }, 60_000);
  afterAll(async () => {
    await rig.close();
    await rm(folder, { recursive: true });
  });

  const command = (who: Person, ...args: string[]) =>
    promisify(execFile)(process.execPath, [bin, ...args], { env: { JUPYTERHUB_API_TOKEN: `token-${who}` } });

  test('a steward verifies the log, with the key that they trust', async () => {
    expect((await command('stina', 'verify', url, '--key', logKey)).stdout).toMatch(/^ok: \d+ entries, root \S+\n$/);
    await expect(command('kari', 'verify', url, '--key', logKey)).rejects.toMatchObject({
      code: 2,
      stderr: `error IO: ${url}/entries answered 403. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of a steward.\n`
    });
  }, 60_000);

  test('the holder and a steward of the owner get the proof of a lease, which others check without the platform', async () => {
    const file = join(folder, 'proof.json');
    const keys = await keyFlags(rig);
    for (const who of ['kari', 'stina'] as const) {
      expect(await command(who, 'prove', url, '--lease', lease.id, '--file', file)).toEqual({
        stdout: '',
        stderr: `${file}: proof of lease ${lease.id}, with 5 entries of the log\n`
      });
      const { stdout } = await command('nobody', 'verify-proof', file, ...keys, '--log-key', logKey);
      expect(stdout).toContain(`ok: lease ${lease.id} is on the log `);
      expect(stdout).toContain('purpose  cancer research');
    }
  }, 60_000);

  test('nobody has two made at the same time, for each reads the whole log', async () => {
    const answers = await Promise.all(
      (['kari', 'kari', 'stina'] as const).map(who => rig.call(who, 'GET', `leases/${lease.id}/proof`))
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    expect([...codes.slice(0, 2).sort(), codes[2]]).toEqual([200, 429, 200]);
    expect((await rig.call('kari', 'GET', `leases/${lease.id}/proof`)).statusCode).toBe(200);
  });

  test('nobody else gets it', async () => {
    for (const [who, status] of [
      ['ola', 404],
      ['berit', 404],
      ['siri', 404],
      ['nobody', 403]
    ] as const) {
      expect((await rig.call(who, 'GET', `leases/${lease.id}/proof`)).statusCode).toBe(status);
      await expect(command(who, 'prove', url, '--lease', lease.id)).rejects.toMatchObject({
        code: 2,
        stdout: '',
        stderr: `error IO: ${url.replace(/ledger$/, '')}leases/${lease.id}/proof answered ${status}. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of who holds the lease, or of a steward of its owner.\n`
      });
    }
    expect((await rig.call(null, 'GET', `leases/${lease.id}/proof`)).statusCode).toBe(401);
    expect((await rig.call('kari', 'GET', 'leases/ls_none/proof')).statusCode).toBe(404);
  }, 60_000);
});

/** The keys of the organizations, as each steward finds their own. */
async function keyFlags(rig: Rig): Promise<string[]> {
  const { items } = good<OrganizationPage>(await rig.call('stina', 'GET', 'organizations'));
  return items.flatMap(({ id, publicKey }) => ['--org-key', `${id}=${publicKey}`]);
}

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
