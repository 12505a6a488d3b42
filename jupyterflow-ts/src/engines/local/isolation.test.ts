import { mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, logOf, planOf, waitFor } from '../conformance.js';
import type { EngineRun, Mount, Submission } from '../engine.js';
import { openLocalEngine, type LocalEngine } from './index.js';

let root: string;
let home: string;
let data: string;
let engine: LocalEngine;
let count = 0;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'engine-isolation-')));
  home = join(root, 'homes', 'ann');
  data = join(root, 'data', 'secret-place');
  await mkdir(join(home, 'work'), { recursive: true });
  await mkdir(join(root, 'homes', 'bob'));
  await mkdir(join(root, 'data', 'other'), { recursive: true });
  await mkdir(data);
  await mkdir(join(root, 'prefix'));
  await writeFile(join(home, 'private.txt'), 'not of this workflow');
  await writeFile(join(root, 'homes', 'bob', 'diary.txt'), 'of bob');
  await writeFile(join(root, 'data', 'other', 'x.csv'), 'not leased');
  await writeFile(join(data, 'patients.csv'), '1,2,3\n');
  await writeFile(join(root, 'prefix', 'tool.sh'), 'echo a tool\n');
  process.env['PLANTED'] = 'planted-in-the-platform';
  engine = await openLocalEngine({
    folder: join(root, 'state'),
    readOnly: [join(root, 'prefix')],
    env: { TOOL: join(root, 'prefix', 'tool.sh') },
    slots: 4
  });
});

afterAll(async () => {
  delete process.env['PLANTED'];
  await engine.close('the tests are over');
  await rm(root, { recursive: true });
});

function submission(sh: string, more: Partial<Submission> & { readonly mount?: string } = {}): Submission {
  count += 1;
  const { mount, ...rest } = more;
  return {
    id: `run-${count}`,
    plan: planOf([{ name: 'a', sh }]),
    home: { hostPath: home, mountPath: '/home/jovyan', workspace: 'work' },
    mounts: new Map<string, readonly Mount[]>(
      mount === undefined ? [] : [['a', [{ hostPath: data, mountPath: mount }]]]
    ),
    ...rest
  };
}

async function run(sh: string, more: Parameters<typeof submission>[1] = {}): Promise<{ run: EngineRun; log: string }> {
  const { id } = await engine.submit(submission(sh, more));
  return { run: await finished(engine, id), log: await logOf(engine, id, 'a') };
}

/** Command lines of all processes of this machine. */
async function commandLines(): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  return Promise.all(numbers.map(number => readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '')));
}

describe('what a job sees', () => {
  test('the root of the file system holds the system, the home and the data, and nothing else', async () => {
    const { log } = await run('ls -m / /home /home/jovyan /home/jovyan/uis', { mount: '/home/jovyan/uis' });
    const system = (await readdir('/')).filter(name =>
      ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].includes(name)
    );
    const top = [...system, 'dev', 'etc', 'home', 'proc', 'run', 'tmp', 'usr'].sort().join(', ');
    expect(log).toBe(`/:\n${top}\n\n/home:\njovyan\n\n/home/jovyan:\nuis, work\n\n/home/jovyan/uis:\npatients.csv\n`);
  });

  test.each([
    ['the rest of the home', () => '/home/jovyan/private.txt'],
    ['the home by its path on this machine', () => join(home, 'private.txt')],
    ["another user's home", () => join(root, 'homes', 'bob', 'diary.txt')],
    ['a dataset that is not leased', () => join(root, 'data', 'other', 'x.csv')],
    ['the dataset by its path on this machine', () => join(data, 'patients.csv')],
    ['the records of the platform', () => join(root, 'state')],
    ["the platform's process", () => `/proc/${process.pid}/environ`],
    ['/root', () => '/root'],
    ['the passwords of this machine', () => '/etc/shadow']
  ])('not %s', async (_, path) => {
    const { run: ended, log } = await run(`cat ${path()}; ls ${path()}`, { mount: '/data/uis' });
    expect(ended.state).toBe('Failed');
    expect(log).toMatch(/No such file or directory\n.*No such file or directory\n$/);
  });

  test('a folder of this machine that it was given, and can not change', async () => {
    const { log } = await run('sh $TOOL; touch $TOOL; rm $TOOL');
    expect(log).toMatch(/^a tool\n.*Read-only file system\n.*Read-only file system\n$/);
  });

  test('an environment in which everything was declared', async () => {
    const plan = planOf([{ name: 'a', sh: 'env | sort', env: [{ name: 'OF_THE_JOB', value: 'x' }] }]);
    const { log } = await run('', { plan });
    expect(log).toBe(
      [
        'HOME=/home/jovyan',
        'JUPYTERFLOW_ATTEMPT=1',
        'JUPYTERFLOW_JOB=a',
        `JUPYTERFLOW_RUN=run-${count}`,
        'LANG=C.UTF-8',
        'OF_THE_JOB=x',
        'OUTPUT_DIR=/tmp/jupyterflow/outputs/a',
        'PATH=/usr/local/bin:/usr/bin:/bin',
        'PWD=/home/jovyan/work',
        'TEMPORARY_FOLDER=/tmp/jupyterflow',
        `TOOL=${join(root, 'prefix', 'tool.sh')}`,
        'USER=jovyan',
        ''
      ].join('\n')
    );
  });

  test('no file that the platform has open', async () => {
    const { log } = await run('for f in /proc/self/fd/*; do readlink $f; done | sort -u');
    // The listing itself is not open any more when it is looked at.
    expect(
      log.split('\n').filter(name => !['', '/dev/null'].includes(name) && !/^(pipe:|.*\.fifo \(deleted\)$)/.test(name))
    ).toEqual([]);
  });

  test('only its own processes', async () => {
    const { log } = await run('set -- /proc/[0-9]*/comm; cat "$@" > /tmp/names; sort -u /tmp/names');
    expect(log).toBe('bwrap\nsh\n');
  });

  test('itself as an ordinary user', async () => {
    expect((await run('id -un; id -gn; id -u; hostname')).log).toBe('jovyan\nusers\n1000\njupyterflow\n');
  });
});

describe('what a job can not do', () => {
  test('reach a server of this machine', async () => {
    let reached = 0;
    const server = createServer(socket => {
      reached += 1;
      socket.destroy();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { log } = await run(
      `perl -MIO::Socket::INET -e 'print IO::Socket::INET->new("127.0.0.1:${port}") ? "open" : $!'`
    );
    server.close();
    expect({ log, reached }).toEqual({ log: 'Connection refused', reached: 0 });
  });

  test.each([
    ['the metadata address of a cloud', '169.254.169.254:80'],
    ['another machine', '192.0.2.1:443']
  ])('reach %s', async (_, address) => {
    const { log } = await run(`perl -MIO::Socket::INET -e 'print IO::Socket::INET->new("${address}") ? "open" : $!'`);
    expect(log).toBe('Network is unreachable');
  });

  test('look up a name', async () => {
    const { run: ended } = await run('getent hosts example.org');
    expect(ended.jobs[0]!.exitCode).toBe(2);
  });

  test('change, add or delete data, or mount it again to change it', async () => {
    const { log } = await run(
      'cd /home/jovyan/uis; cat patients.csv; touch new; echo 4 > patients.csv; rm patients.csv; mount -o remount,rw . 2>&1 | head -1',
      { mount: '/home/jovyan/uis' }
    );
    expect(log).toMatch(
      /^1,2,3\n.*Read-only.*\n.*Read-only.*\n.*Read-only.*\n.*(must be superuser|permission denied).*\n$/
    );
    expect(await readdir(data)).toEqual(['patients.csv']);
    expect(await readFile(join(data, 'patients.csv'), 'utf8')).toBe('1,2,3\n');
  });

  test('write outside of its workspace and temporary folders', async () => {
    const { log } = await run(
      'for f in / /etc /usr /home /run /run/jupyterflow; do touch $f/x; done; echo ok > x; echo ok > /tmp/x; cat x /tmp/x'
    );
    expect(log.match(/Read-only file system/g)).toHaveLength(6);
    expect(log).toMatch(/ok\nok\n$/);
  });

  test('gain a capability, or make namespaces to get one', async () => {
    const { log } = await run(
      'grep -h ^Cap /proc/self/status; grep NoNewPrivs /proc/self/status; unshare -Ur true; su -c true'
    );
    expect(log.match(/^Cap\w+:\t0000000000000000$/gm)).toHaveLength(5);
    expect(log).toMatch(/^NoNewPrivs:\t1$/m);
    expect(log).toMatch(/^unshare: unshare failed: /m);
  });
});

describe('what the machine does not show of a job', () => {
  test('neither where the data is nor the environment is in the arguments of a process', async () => {
    const plan = planOf([
      { name: 'a', sh: `echo begun; ${waitFor('go')}`, env: [{ name: 'TOKEN', value: 'planted-secret-value' }] }
    ]);
    const { id } = await engine.submit(submission('', { plan, mount: '/home/jovyan/uis' }));
    for await (const text of engine.logs(id, 'a', { follow: true })) {
      expect(text).toBe('begun\n');
      const lines = await commandLines();
      expect(lines.some(line => line.includes('echo begun'))).toBe(true);
      expect(lines.filter(line => line.includes('planted-secret-value') || line.includes('secret-place'))).toEqual([]);
      await writeFile(join(home, 'work', 'go'), '');
    }
    const record = await readFile(join(root, 'state', id, 'journal.jsonl'), 'utf8');
    expect(record).not.toMatch(/planted-secret-value|secret-place/);
  });

  test('data that is not there is named only as the job would see it', async () => {
    const mounts = new Map([['a', [{ hostPath: join(root, 'data', 'gone'), mountPath: '/data/uis' }]]]);
    await expect(engine.submit(submission('true', { mounts }))).rejects.toMatchObject({
      code: 'INVALID_SUBMISSION',
      message: "the data for /data/uis is not there or can't be opened"
    });
  });

  test('data that goes before the job begins is an Error that does not name it', async () => {
    await mkdir(join(root, 'data', 'fleeting'));
    const mounts = new Map([['b', [{ hostPath: join(root, 'data', 'fleeting'), mountPath: '/data/uis' }]]]);
    const plan = planOf([
      { name: 'a', sh: waitFor('data-gone') },
      { name: 'b', sh: 'true', dependsOn: ['a'] }
    ]);
    const { id } = await engine.submit(submission('', { plan, mounts }));
    await rm(join(root, 'data', 'fleeting'), { recursive: true });
    await writeFile(join(home, 'work', 'data-gone'), '');
    const ended = await finished(engine, id);
    expect([ended.state, ended.reason]).toEqual([
      'Error',
      "job b: the job could not be started: the data for /data/uis is not there or can't be opened"
    ]);
  });
});

describe('a workspace', () => {
  test.each([
    ['the home itself', '', 'private.txt'],
    ['a folder of the home', 'work', 'go']
  ])('can be %s', async (_, workspace, file) => {
    const { log } = await run(`ls; pwd`, { home: { hostPath: home, mountPath: '/home/jovyan', workspace } });
    expect(log.split('\n')).toContain(file);
  });

  test.each([
    ['leaves the home', '../bob', '"../bob" is not a plain path below the home'],
    ['leaves the home on the way', 'work/../../bob', '"work/../../bob" is not a plain path below the home'],
    ['is absolute', '/etc', '"/etc" is not a plain path below the home'],
    ['has a doubled slash', 'work//x', '"work//x" is not a plain path below the home'],
    ['does not exist', 'nowhere', '"nowhere" in the home does not exist'],
    ['is a link', 'link', '"link" in the home is a link or a file; it has to be a real folder'],
    ['is below a link', 'link/diary', '"link" in the home is a link or a file; it has to be a real folder'],
    ['is a file', 'private.txt', '"private.txt" in the home is a link or a file; it has to be a real folder']
  ])('that %s is refused', async (_, workspace, message) => {
    await symlink('../bob', join(home, 'link')).catch(() => undefined);
    const submitted = engine.submit(
      submission('ls', { home: { hostPath: home, mountPath: '/home/jovyan', workspace } })
    );
    await expect(submitted).rejects.toMatchObject({ code: 'INVALID_WORKSPACE', message });
  });

  test('that became a link after the run was accepted is not followed', async () => {
    await mkdir(join(home, 'swapped'));
    const plan = planOf([
      { name: 'a', sh: `echo begun; ${waitFor('go')}` },
      { name: 'b', sh: 'cat diary.txt', dependsOn: ['a'] }
    ]);
    const { id } = await engine.submit(
      submission('', { plan, home: { hostPath: home, mountPath: '/home/jovyan', workspace: 'swapped' } })
    );
    for await (const text of engine.logs(id, 'a', { follow: true })) {
      expect(text).toBe('begun\n');
      await rename(join(home, 'swapped'), join(home, 'moved'));
      await symlink('../bob', join(home, 'swapped'));
      await writeFile(join(home, 'moved', 'go'), '');
    }
    const ended = await finished(engine, id);
    expect(ended.jobs[1]).toMatchObject({
      phase: 'Error',
      reason: 'the job could not be started: "swapped" in the home is a link or a file; it has to be a real folder'
    });
    expect(await logOf(engine, id, 'b')).toBe('');
  });

  test('in which the place for data is a link ends the job as Error, and nothing is made behind the link', async () => {
    await mkdir(join(home, 'work', 'sub'), { recursive: true });
    await symlink(join(root, 'homes', 'bob'), join(home, 'work', 'sub', 'trap'));
    const { run: ended } = await run('true', { mount: '/home/jovyan/work/sub/trap/uis' });
    expect(ended.reason).toBe(
      'job a: the job could not be started: "work/sub/trap" in the home is a link or a file; it has to be a real folder'
    );
    expect(await readdir(join(root, 'homes', 'bob'))).toEqual(['diary.txt']);
  });

  test('gets the folder on which data is mounted', async () => {
    const { log } = await run('cat in/uis/patients.csv', { mount: '/home/jovyan/work/in/uis' });
    expect(log).toBe('1,2,3\n');
    expect((await stat(join(home, 'work', 'in', 'uis'))).isDirectory()).toBe(true);
    expect(await readdir(join(home, 'work', 'in', 'uis'))).toEqual([]);
  });
});

describe('an output of a hostile job', () => {
  test.each([
    ['a link to a file of this machine', 'ln -s /etc/passwd out', 'is a link or leads through one'],
    [
      "a link to another user's home",
      () => `ln -s ${join(root, 'homes', 'bob', 'diary.txt')} out`,
      'is a link or leads through one'
    ],
    ['through a link to a folder', 'ln -s /etc sub; touch out', 'is a link or leads through one', 'sub/passwd'],
    ['a pipe, which nobody writes to', 'mkfifo out', 'is no file'],
    ['a folder', 'mkdir out', 'is no file'],
    ['a device', 'ln -s /dev/zero out', 'is a link or leads through one'],
    ['longer than it may be', 'head -c 300000 /dev/zero | tr "\\0" x > out', 'is longer than 256 KiB'],
    ['no text', 'printf "\\377" > out', 'is no text in UTF-8'],
    ['a text with NUL', 'printf "a\\0b" > out', 'holds a NUL character'],
    ['not there', 'true', 'does not exist']
  ] as const)('that is %s is not read', async (_, sh, why, path = 'out') => {
    await mkdir(join(home, `out-${count}`));
    const plan = planOf([{ name: 'a', sh: typeof sh === 'string' ? sh : sh(), outputs: { x: path } }]);
    const workspace = `out-${count}`;
    const { run: ended } = await run('', { plan, home: { hostPath: home, mountPath: '/home/jovyan', workspace } });
    expect([ended.state, ended.jobs[0]!.reason, ended.jobs[0]!.outputs]).toEqual([
      'Error',
      `the output x can't be read: ${path} ${why}`,
      undefined
    ]);
  });

  test('of exactly the longest length is read, wherever the job may leave it', async () => {
    const long = 'head -c 262144 /dev/zero | tr "\\0" x';
    const plan = planOf([
      {
        name: 'a',
        sh: `${long} > "$OUTPUT_DIR/o"; echo >> "$OUTPUT_DIR/o"; echo t > "$TEMPORARY_FOLDER/t"; echo w > w.txt`,
        outputs: { o: '/tmp/jupyterflow/outputs/a/o', t: '/tmp/jupyterflow/t', w: '/home/jovyan/work/w.txt' }
      }
    ]);
    const { run: ended } = await run('', { plan });
    expect(ended.jobs[0]!.outputs).toEqual({ o: 'x'.repeat(262_144), t: 't', w: 'w' });
  });

  test.each(['/etc/passwd', '/tmp/x', '../other/x', '/tmp/jupyterflow', 'out/'])('can not be at %s', async path => {
    const plan = planOf([{ name: 'a', outputs: { x: path } }]);
    await expect(engine.submit(submission('', { plan }))).rejects.toMatchObject({
      code: 'INVALID_SUBMISSION',
      message: `job a: the output x is at ${JSON.stringify(path)}, which is no file below /home/jovyan/work nor /tmp/jupyterflow`
    });
  });
});

test('a job that puts a link in the place of the folder of outputs leads the engine nowhere', async () => {
  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  const plan = planOf([
    { name: 'a', sh: `rm -r "$TEMPORARY_FOLDER/outputs"; ln -s ${elsewhere} "$TEMPORARY_FOLDER/outputs"` },
    { name: 'b', dependsOn: ['a'] }
  ]);
  const { run: ended } = await run('', { plan });
  expect(ended.reason).toMatch(/^job b: the job could not be started: (ELOOP|ENOTDIR)$/);
  expect(await readdir(elsewhere)).toEqual([]);
});

describe('a secret', () => {
  const env = [{ name: 'TOKEN', value: { secret: 'forge', key: 'token' } }];
  const secrets = (kind: string, name: string) =>
    Promise.resolve(kind === 'secret' && name === 'forge' ? new Map([['token', 'planted-secret']]) : undefined);

  test('reaches the environment of its job, and no record', async () => {
    const envFrom = [
      { kind: 'secret', name: 'forge', prefix: 'ALL_' },
      { kind: 'configMap', name: 'none', optional: true }
    ] as const;
    const plan = planOf([{ name: 'a', sh: 'echo "$TOKEN" "$ALL_token" | rev', env, envFrom }]);
    const { run: ended, log } = await run('', { plan, secrets });
    expect(log).toBe('terces-detnalp terces-detnalp\n');
    expect(await readFile(join(root, 'state', ended.id, 'journal.jsonl'), 'utf8')).not.toContain('planted-secret');
  });

  test.each([
    ['that is not there', { value: { secret: 'gone', key: 'x' } }, 'the secret gone'],
    ['without the key', { value: { secret: 'forge', key: 'x' } }, 'the key x of the secret forge'],
    ['of a ConfigMap that is not there', { value: { configMap: 'forge', key: 'token' } }, 'the configMap forge']
  ])('%s is a refusal before anything starts', async (_, value, what) => {
    const plan = planOf([
      { name: 'a', sh: 'touch started' },
      { name: 'b', env: [{ name: 'TOKEN', ...value }] }
    ]);
    await expect(engine.submit(submission('', { plan, secrets }))).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: `job b needs ${what}, which is not there`
    });
    await expect(engine.submit(submission('', { plan }))).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    expect(await readdir(join(home, 'work'))).not.toContain('started');
  });

  test('a key of a ConfigMap is a value too', async () => {
    const stores = (kind: string, name: string) =>
      Promise.resolve(kind === 'configMap' && name === 'group' ? new Map([['region', 'oslo']]) : undefined);
    const plan = planOf([
      { name: 'a', sh: 'echo "$REGION"', env: [{ name: 'REGION', value: { configMap: 'group', key: 'region' } }] }
    ]);
    expect((await run('', { plan, secrets: stores })).log).toBe('oslo\n');
  });

  test('of a set that is not optional is one too', async () => {
    const plan = planOf([{ name: 'a', envFrom: [{ kind: 'configMap', name: 'forge' }] }]);
    await expect(engine.submit(submission('', { plan, secrets }))).rejects.toMatchObject({
      message: 'job a needs the configMap forge, which is not there'
    });
  });
});

test('a script can be read by its job and not changed', async () => {
  const plan = planOf([{ name: 'a', argv: ['/bin/sh'], script: 'echo one; echo two >> "$0" || cat "$0"' }]);
  const { log } = await run('', { plan });
  expect(log).toMatch(/^one\n.*Read-only file system\necho one/);
});

test.each([
  '/',
  '/home/jovyan',
  '/home',
  '/home/jovyan/work',
  '/etc/x',
  '/usr',
  '/tmp',
  '/tmp/jupyterflow/x',
  '/a/../etc',
  'a',
  '/a/'
])('data can not be mounted at %s', async mount => {
  await expect(engine.submit(submission('true', { mount }))).rejects.toMatchObject({
    code: 'INVALID_SUBMISSION',
    message: `job a: data can't be mounted at ${JSON.stringify(mount)}`
  });
});

describe('nothing is left of a job', () => {
  const stray = 'setsid sh -c "exec sleep 86399" </dev/null >/dev/null 2>&1 & setsid setsid sleep 86399 & echo begun';

  async function strays(): Promise<number> {
    return (await commandLines()).filter(line => line === 'sleep\x0086399\0').length;
  }

  test('after it has ended by itself', async () => {
    const { run: ended } = await run(stray);
    expect([ended.state, await strays()]).toEqual(['Succeeded', 0]);
  });

  test('after it was stopped, whatever it did to get away', async () => {
    const { id } = await engine.submit(submission(`trap "" TERM INT HUP; (${stray}); sleep 86399`));
    for await (const text of engine.logs(id, 'a', { follow: true })) {
      expect(text).toBe('begun\n');
      await engine.stop(id, 'enough');
      expect(await strays()).toBe(0);
    }
    expect((await engine.get(id))!.state).toBe('Error');
  });

  test('after its time was over', async () => {
    const plan = planOf([{ name: 'a', sh: `${stray}; sleep 86399`, timeout: 1 }]);
    const { run: ended } = await run('', { plan });
    expect([ended.reason, await strays()]).toEqual(['job a: timed out after 1 s', 0]);
  });

  test('in the folder that its run shared', async () => {
    const { run: ended } = await run(
      'mkdir -p $TEMPORARY_FOLDER/x/y; chmod 0 $TEMPORARY_FOLDER/x; ln -s / $TEMPORARY_FOLDER/root'
    );
    expect((await readdir(join(root, 'state', ended.id))).sort()).toEqual(['journal.jsonl']);
  });
});

describe('without a sandbox', () => {
  test('where bubblewrap is missing, a run is refused and the package is named', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = join(root, 'prefix');
    const bare = await openLocalEngine({ folder: join(root, 'bare') });
    try {
      await expect(bare.submit(submission('true'))).rejects.toMatchObject({
        code: 'SANDBOX_MISSING',
        message:
          'jobs run in a sandbox, and bubblewrap is not on this machine: install the package "bubblewrap" (apt install bubblewrap, dnf install bubblewrap)'
      });
      expect(await bare.list()).toEqual([]);
    } finally {
      process.env['PATH'] = path;
      await bare.close('the test is over');
    }
  });

  test('leased data is refused', async () => {
    const plain = await openLocalEngine({ folder: join(root, 'plain'), sandbox: 'none' });
    await expect(plain.submit(submission('true', { mount: '/data/uis' }))).rejects.toMatchObject({
      code: 'SANDBOX_MISSING',
      message: 'leased data is only given to jobs in a sandbox, and this engine was opened without one'
    });
    await plain.close('the test is over');
  });
});
