import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { DatasetPage, Lease, Run, RunPage } from '@jupyterflow/schema';
import { expect, test } from '@playwright/test';
import { inTerminal } from '@jupyterflow/hub';
import { login, machine, processesWith, root } from '../machine.js';

/** The platform of this test's machine. */
async function platformPid(): Promise<number> {
  const { state } = await machine();
  const line = (await processesWith(state)).find(text => text.includes('jupyterflow-platform.js'));
  return Number(line?.split(' ')[0]);
}

test('kill -9 of the platform in the middle of a run loses nothing that was acknowledged', async () => {
  const session = await login('ola');
  await session.startServer();
  const { items } = await session.platform<DatasetPage>('GET', '/datasets?limit=200');
  const dataset = items.find(({ name }) => name === 'lorem-uib');
  const lease = await session.platform<Lease>('POST', `/datasets/${dataset?.id ?? ''}/leases`, {
    purpose: 'crash',
    duration: 'PT10M'
  });
  const source = `name: crash\njobs:\n- command: sleep 600\n  volumes:\n  - {id: ${lease.dataset}, name: text, path: /home/jovyan/text}\n`;
  const started = await session.platform<Run>('POST', '/runs', { source, workspace: '/home/jovyan/examples' });
  await expect
    .poll(async () => (await session.platform<Run>('GET', `/runs/${started.id}`)).jobs[0]?.phase)
    .toBe('Running');

  const pid = await platformPid();
  process.kill(pid, 'SIGKILL');
  // The Hub starts it again; until then the proxy answers for it.
  await expect
    .poll(
      async () =>
        session.platform<RunPage>('GET', '/runs').then(
          () => platformPid(),
          () => pid
        ),
      { timeout: 90_000 }
    )
    .not.toBe(pid);

  const run = await session.platform<Run>('GET', `/runs/${started.id}`);
  expect(run.state).toBe('Error');
  expect(run.reason).toMatch(/stopped while the run was going/);
  expect((await session.platform<Lease>('GET', `/leases/${lease.id}`)).state).toBe('active');
  expect((await session.platform<DatasetPage>('GET', '/datasets?limit=200')).total).toBe(items.length);

  const { state } = await machine();
  expect((await processesWith(state)).filter(line => line.includes('sleep 600'))).toEqual([]);
  const verify = spawnSync('npx', ['jupyterflow-ledger', 'verify', join(state, 'ledger')], {
    cwd: root,
    encoding: 'utf8'
  });
  expect(verify.stdout).toMatch(/^ok: \d+ entries, root \S{44}\n/);
  await session.platform('POST', `/leases/${lease.id}/release`, {});
  const { output } = await inTerminal(session, 'cd ~/examples/linear && jupyterflow run -f workflow.yaml --wait');
  expect(output).toContain('Succeeded');
});
