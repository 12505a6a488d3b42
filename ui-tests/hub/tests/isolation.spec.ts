import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { inTerminal } from '@jupyterflow/hub';
import { login, machine, root } from '../machine.js';

test.describe('a notebook server sees its own home and a read-only system', () => {
  test.beforeAll(async () => {
    await (await login('ola')).startServer();
    const { state } = await machine();
    await mkdir(join(state, 'homes', 'kari'), { recursive: true });
    await writeFile(join(state, 'homes', 'kari', 'diary.txt'), 'planted-diary');
  });

  test('its home is /home/jovyan, with the examples in it', async () => {
    const { output } = await inTerminal(await login('ola'), 'pwd; ls examples');
    expect(output).toMatch(/^\/home\/jovyan\n/);
    expect(output).toContain('lorem-count');
  });

  for (const [what, path] of [
    ['the state folder', ''],
    ["another user's home", 'homes/kari/diary.txt'],
    ["an organization's data", 'data/uis'],
    ['the vault', 'vault'],
    ['the ledger', 'ledger'],
    ['the passwords', 'passwords.json'],
    ["the Hub's database", 'hub/jupyterhub.sqlite']
  ] as const)
    test(`${what} can't be read by path`, async () => {
      const { state } = await machine();
      const { output, exitCode } = await inTerminal(
        await login('ola'),
        `cat -- '${join(state, path)}' || ls -- '${join(state, path)}'`
      );
      expect(output).toContain('No such file or directory');
      expect(exitCode).not.toBe(0);
    });

  test("the repository can't be read, nor the system written", async () => {
    const session = await login('ola');
    const read = await inTerminal(session, `cat '${root}/package.json'`);
    expect(read.output).toContain('No such file or directory');
    const write = await inTerminal(session, 'touch /usr/bin/planted /opt/jupyterflow/command/planted');
    expect(write.exitCode).not.toBe(0);
    expect(write.output).toContain('Read-only file system');
  });

  test("other people's processes, and their environments, are out of sight", async () => {
    const { output } = await inTerminal(await login('ola'), "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    expect(output).toContain('jupyterhub-singleuser');
    expect(output).not.toContain('jupyterflow-platform');
    expect(output).not.toContain('configurable-http-proxy');
  });

  test('of the files that its processes have open, none is shared with the Hub', async () => {
    const { output } = await inTerminal(await login('ola'), 'readlink /proc/[0-9]*/fd/*');
    const { state } = await machine();
    const files = output.split('\n').filter(path => path.startsWith(state));
    expect(new Set(files)).toEqual(new Set([join(state, 'logs', 'server-ola.log')]));
  });

  test("the machine's private keys are out of sight", async () => {
    const { output } = await inTerminal(await login('ola'), 'ls /etc/ssl/private /etc/ssh');
    expect(output.match(/No such file or directory/g)).toHaveLength(2);
  });

  test('its kernels are not heard on loopback ports, which all sandboxes share', async () => {
    const session = await login('ola');
    const kernel = await session.notebook<{ id: string }>('POST', '/kernels', { name: 'python3' });
    const { output } = await inTerminal(session, `cat "$JUPYTER_RUNTIME_DIR/kernel-${kernel.id}.json"`);
    await session.notebook('DELETE', `/kernels/${kernel.id}`);
    expect(JSON.parse(output)).toMatchObject({
      transport: 'ipc',
      ip: `/tmp/jupyter-runtime/kernel-${kernel.id}-ipc`
    });
  });

  test('what runs in it has no capabilities and can not get any', async () => {
    const { output } = await inTerminal(await login('ola'), 'grep -E "Cap(Eff|Bnd)" /proc/self/status');
    expect(output.match(/0{16}/g)).toHaveLength(2);
  });
});
