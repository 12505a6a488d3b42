import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Lease, Run } from '@jupyterflow/schema';
import { expect, test } from '@playwright/test';
import { login, machine } from '../machine.js';

/** The secret parts of a file of `vault/keys`. */
interface OrganizationKeys {
  readonly signing: { readonly privateKey: string };
  readonly kek: { readonly key: string };
  readonly idempotency: string;
}

const PLANTED = 'planted-storage-5e1f';

/** Every file below a folder, with its bytes as text. */
async function* files(folder: string): AsyncGenerator<{ path: string; text: string }> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      yield { path, text: await readFile(path, 'latin1').catch(() => '') };
    }
}

test('storage details, tokens and keys stand in no log, answer, argument or file that a user can read', async () => {
  const { url, state, passwords } = await machine();
  const [kari, ola] = [await login('kari'), await login('ola')];
  await ola.startServer();

  await mkdir(join(state, 'data', 'uis', PLANTED), { recursive: true });
  await writeFile(join(state, 'data', 'uis', PLANTED, 'a.txt'), 'data');
  const storage = { kind: 'directory', path: PLANTED } as const;
  const dataset = await kari.platform<Dataset>('POST', '/datasets', { title: 'Planted', name: 'planted', storage });
  const lease = await ola.platform<Lease>('POST', `/datasets/${dataset.id}/leases`, {
    purpose: 'test',
    duration: 'PT10M'
  });
  const source = `name: planted\njobs:\n- command: sh -c "cat /home/jovyan/planted/a.txt; env; sleep 600"\n  volumes:\n  - {id: ${dataset.id}, name: planted, path: /home/jovyan/planted}\n`;
  const run = await ola.platform<Run>('POST', '/runs', { source, workspace: '/home/jovyan/examples' });
  await expect.poll(async () => (await ola.platform<Run>('GET', `/runs/${run.id}`)).jobs[0]?.phase).toBe('Running');

  const token = await fetch(`${url}/hub/api/users/ola/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth: { username: 'ola', password: passwords['ola'] }, note: 'planted' })
  }).then(async answer => ((await answer.json()) as { token: string }).token);
  await fetch(`${url}/services/platform/api/v1/me`, { headers: { authorization: `token ${token}` } });
  const keys: string[] = [];
  for await (const { text } of files(join(state, 'vault', 'keys'))) {
    const { signing, kek, idempotency } = JSON.parse(text) as OrganizationKeys;
    keys.push(signing.privateKey, kek.key, idempotency);
  }
  expect(keys).toHaveLength(9);
  const secrets = [PLANTED, token, ...Object.values(passwords), ...keys];

  const answers = await Promise.all([
    ...[`/datasets/${dataset.id}`, '/datasets?limit=200'].map(path => kari.platform('GET', path)),
    ...[
      `/datasets/${dataset.id}`,
      '/datasets?limit=200',
      `/leases/${lease.id}`,
      '/leases',
      `/runs/${run.id}`,
      '/runs',
      '/me'
    ].map(path => ola.platform('GET', path))
  ]);
  const leaks = (where: string, text: string): readonly string[] =>
    secrets
      .filter(secret => text.includes(secret))
      .map(secret => `${where}: ${secret === PLANTED ? secret : 'a key, password or token'}`);
  const found = leaks('answers', JSON.stringify(answers));
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter(pid => /^\d+$/.test(pid))
      .map(pid => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''))
  );
  const everywhere = [...found, ...lines.flatMap(line => leaks('process arguments', line))];
  for (const folder of ['logs', 'homes', 'runs', 'ledger', 'db'])
    for await (const { path, text } of files(join(state, folder)))
      everywhere.push(...leaks(path.slice(state.length), text));
  expect(everywhere).toEqual([]);

  await ola.platform('POST', `/leases/${lease.id}/release`, {});
  await expect.poll(async () => (await ola.platform<Run>('GET', `/runs/${run.id}`)).state).not.toBe('Running');
});

test('the files of the vault and the passwords are for their owner alone', async () => {
  const { state } = await machine();
  expect((await stat(join(state, 'passwords.json'))).mode & 0o777).toBe(0o600);
  for await (const { path } of files(join(state, 'vault'))) expect((await stat(path)).mode & 0o777, path).toBe(0o600);
});
