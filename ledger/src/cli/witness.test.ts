import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyPair } from '../keys.js';
import { formatVerifier } from '../note/signed-note.js';
import { scratchFolder } from '../scenario.js';

// The built command, as people run it.
const bin = fileURLToPath(new URL('../../bin/jupyterflow-ledger.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

function start(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const own = ['witness', '--folder', join(folder, 'witness'), '--name', 'uio'];
  return new Promise(resolve => {
    const child = execFile(process.execPath, [bin, ...own, ...args], { env: {} }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr })
    );
  });
}

const log = (name: string): string => formatVerifier({ name, publicKey: createKeyPair().publicKey });

test('two logs of one name are refused: one would be taken for a fork of the other', async () => {
  expect(await start('--log', log('a'), '--log', log('b'), '--log', log('a'))).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error INVALID: two --log are for a: a witness tells logs apart by their names; watch each with a witness of its own\n'
  });
});

test('a port in use is told with how to mend that, and the folder is let go of', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { readonly port: number };
  const refused = {
    code: 2,
    stdout: '',
    stderr: `error PORT_IN_USE: another program listens on 127.0.0.1:${port}. Stop that program, or choose another port with --listen.\n`
  };
  expect(await start('--log', log('a'), '--listen', `127.0.0.1:${port}`)).toEqual(refused);
  expect(await start('--log', log('a'), '--listen', `127.0.0.1:${port}`)).toEqual(refused);
  await new Promise(resolve => other.close(resolve));
});

test('an address that is not of this machine is told too', async () => {
  expect(await start('--log', log('a'), '--listen', '192.0.2.1:8471')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error CANNOT_LISTEN: this machine does not let it listen on 192.0.2.1:8471 (EADDRNOTAVAIL). Choose another host and port with --listen.\n'
  });
});
