import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandRig } from '../../testing/command.js';
import { FakePlatform, problem } from '../../testing/platform.js';
import { checkFolder, checkNode, checkSandbox } from './machine.js';

let rig: CommandRig;
let platform: FakePlatform;
beforeEach(async () => {
  rig = new CommandRig();
  platform = await FakePlatform.start();
  platform.on('GET /me', () => [200, ME]);
});
afterEach(async () => {
  await platform.close();
  rig.dispose();
});

const ME = {
  user: 'kari',
  organization: { id: 'uib', name: 'University of Bergen', publicKey: 'x', keyFingerprint: 'x' },
  roles: ['researcher', 'steward'],
  allowed: [],
  limits: { bodyBytes: 1 }
};

test.each([
  ['v20.19.0', 'ok'],
  ['v22.1.0', 'ok'],
  ['v20.18.9', 'fail'],
  ['v18.20.0', 'fail']
])('Node %s is %s', (version, status) => {
  expect(checkNode(version).status).toBe(status);
});

describe('the sandbox', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'doctor-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const program = (script: string): string => {
    const path = join(folder, 'bwrap');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  test('is not installed', async () => {
    expect(await checkSandbox(true, join(folder, 'gone'))).toMatchObject({
      status: 'fail',
      detail: 'bubblewrap is not installed'
    });
    expect((await checkSandbox(false, join(folder, 'gone'))).status).toBe('warn');
  });

  test('may make no namespaces', async () => {
    const path = program(
      '[ "$1" = --version ] && echo bubblewrap 0.8.0 && exit; echo "bwrap: No permissions" >&2; exit 1'
    );
    expect(await checkSandbox(true, path)).toMatchObject({
      status: 'fail',
      detail: 'bubblewrap 0.8.0 can make no sandbox: bwrap: No permissions'
    });
  });

  test('works', async () => {
    expect(await checkSandbox(true, program('echo bubblewrap 0.8.0'))).toEqual({
      name: 'sandbox',
      status: 'ok',
      detail: 'bubblewrap 0.8.0, user namespaces allowed'
    });
  });
});

test('a folder that is a file can keep no runs', async () => {
  rig.write('file', '');
  expect(await checkFolder(join(rig.folder, 'file', 'runs'))).toMatchObject({ name: 'runs folder', status: 'fail' });
});

describe('the platform', () => {
  const lastCheck = async (): Promise<unknown> => {
    const { exit, stdout } = await rig.run('doctor', '-o', 'json');
    const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: { name: string }[] };
    expect(exit).toBe(healthy ? 0 : 1);
    return checks.find(({ name }) => name === 'platform');
  };

  test('knows the caller', async () => {
    rig.env['JUPYTERFLOW_PLATFORM'] = platform.url;
    expect(await lastCheck()).toEqual({
      name: 'platform',
      status: 'ok',
      detail: `${platform.url}, as kari of University of Bergen, researcher and steward`
    });
  });

  test.each<[string, () => void, object]>([
    [
      'knows no organization of the caller',
      () => platform.on('GET /me', () => [200, { ...ME, organization: null }]),
      { status: 'fail', mend: 'Ask an administrator of the Hub to put you into the group of your organization' }
    ],
    [
      'does not know the token',
      () => platform.on('GET /me', () => [401, problem(401, 'UNAUTHENTICATED', 'Who are you?')]),
      { status: 'fail', detail: 'Who are you?', mend: expect.stringContaining('JUPYTERFLOW_TOKEN') as string }
    ],
    [
      'is no platform',
      () => platform.on('GET /me', () => [200, '<html>']),
      { status: 'fail', detail: expect.stringContaining('is this the URL of a platform?') as string }
    ]
  ])('%s', async (_, change, check) => {
    rig.env['JUPYTERFLOW_PLATFORM'] = platform.url;
    change();
    expect(await lastCheck()).toMatchObject(check);
  });
});

test('the report tells each with its mend', async () => {
  rig.env['PATH'] = rig.folder;
  const { exit, stdout } = await rig.run('doctor');
  expect([exit, stdout.replace(/\d+\.\d GiB/, 'N GiB').replace(process.version, 'VERSION')]).toEqual([
    1,
    `\
ok    Node           VERSION
ok    configuration  no file; runs go to this machine
fail  sandbox        bubblewrap is not installed
                     mend: apt install bubblewrap, or dnf install bubblewrap; or run with --no-sandbox
ok    runs folder    ${rig.folder}/data/jupyterflow/runs, N GiB free
warn  platform       none is set: there are no datasets to lease
                     mend: For datasets of organizations set JUPYTERFLOW_PLATFORM, or \`platform:\` in ~/.jupyterflow.yaml

1 thing is missing.
`
  ]);
});
