import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { ChildOrder } from './child.js';
import { identify, isAlive } from './processes.js';
import type { StartedAttempt } from './sandbox.js';
import { Spawner } from './spawner.js';

let root: string;
let file: URL;
let spawner: Spawner;
let count = 0;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'engine-spawner-')));
  const program = join(root, 'spawner-process.mjs');
  const esbuild = join(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')), 'bin', 'esbuild');
  const source = fileURLToPath(new URL('spawner-process.ts', import.meta.url));
  await promisify(execFile)(esbuild, [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--log-level=error',
    `--outfile=${program}`,
    source
  ]);
  file = pathToFileURL(program);
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

interface Started extends StartedAttempt {
  /** What it wrote, when it has ended. */
  readonly said: () => Promise<string>;
}

async function start(argv: readonly string[], more: Partial<ChildOrder> = {}): Promise<Started> {
  const output = join(root, `output-${count++}`);
  await writeFile(output, '');
  const env = { PATH: '/usr/bin:/bin', JUPYTERFLOW_JOB: output };
  const marks = { JUPYTERFLOW_JOB: output };
  const started = await spawner.start({ argv, env, marks, workdir: root, output, ...more });
  return { ...started, said: () => started.ended.then(() => readFile(output, 'utf8')) };
}

async function makePipe(): Promise<string> {
  const path = join(root, `pipe-${count}`);
  await promisify(execFile)('mkfifo', [path]);
  return path;
}

/** Number of the process that starts processes now. */
async function parent(): Promise<number> {
  return Number(await (await start(['sh', '-c', 'echo $PPID'])).said());
}

async function untilParentIsOther(): Promise<number> {
  for (;;) {
    const pid = await parent();
    if (pid !== process.pid) return pid;
  }
}

describe.each(['this process', 'a process of its own'])('a process that is started by %s', who => {
  beforeAll(async () => {
    spawner = new Spawner(stdio => stdio, who === 'this process' ? Infinity : 0, file);
    if (who !== 'this process') await untilParentIsOther();
  });

  afterAll(() => spawner.close());

  const exited = (code: number, note?: string): object => ({ kind: 'exited', code, ...(note && { note }) });

  test.each<[string, string[], Partial<ChildOrder>, object, string]>([
    ['that ends well', ['true'], {}, exited(0), ''],
    ['that fails', ['sh', '-c', 'echo no >&2; exit 3'], {}, exited(3), 'no\n'],
    ['that dies by a signal', ['sh', '-c', 'kill -9 $$'], {}, exited(137), ''],
    ['with its variables alone', ['/usr/bin/env'], { env: { A: "b c'd\ne" }, marks: {} }, exited(0), "A=b c'd\ne\n"],
    ['in its folder', ['pwd'], { workdir: '/usr' }, exited(0), '/usr\n'],
    ['with words as they are', ['printf', '%s|', 'a  b', '', '$HOME', '😀'], {}, exited(0), 'a  b||$HOME|😀|'],
    ['that reads what nobody wrote', ['cat'], {}, exited(0), ''],
    ['that is not there', ['nowhere'], {}, exited(127, 'jupyterflow: nowhere: command not found'), ''],
    ['that is no program', ['/etc/passwd'], {}, exited(126, 'jupyterflow: /etc/passwd: permission denied'), ''],
    [
      'in a folder that is not there',
      ['true'],
      { workdir: '/nowhere' },
      exited(127, 'jupyterflow: the working folder /nowhere does not exist'),
      ''
    ]
  ])('%s', async (_, argv, more, end, said) => {
    const started = await start(argv, more);
    expect(await started.ended).toEqual(end);
    expect(await started.said()).toBe(said);
  });

  test('that is a script gets its path', async () => {
    const script = { text: 'echo "$0"; echo hi', path: join(root, 'scripts', '1.script') };
    const started = await start(['sh'], { script });
    expect(await started.said()).toBe(`${script.path}\nhi\n`);
  });

  test('that could not be tried is an error of the system', async () => {
    await expect(start(['true'], { output: join(root, 'nowhere') })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('leaves nothing behind', async () => {
    const started = await start(['sh', '-c', 'sleep 86395 & echo $!']);
    expect(await started.ended).toEqual(exited(0));
    expect(await identify(Number(await started.said()))).toBeUndefined();
  });

  test('can end as it likes when it is ended', async () => {
    const ready = await makePipe();
    const started = await start(['sh', '-c', `trap 'echo bye; exit 5' TERM; echo > ${ready}; sleep 86395 & wait`]);
    await readFile(ready);
    started.kill();
    expect(await started.ended).toEqual(exited(5));
    expect(await started.said()).toBe('bye\n');
  });

  test('is ended with what left its group', async () => {
    const ready = await makePipe();
    const started = await start(['sh', '-c', `setsid sleep 86395 & echo $! > ${ready}; exec sleep 86395`]);
    const pid = Number(await readFile(ready, 'utf8'));
    started.kill();
    expect(await started.ended).toEqual(exited(143));
    expect(await identify(pid)).toBeUndefined();
  });

  test('is known, and leads its group', async () => {
    const started = await start(['sleep', '86395']);
    const [known] = await started.processes;
    expect(known).toMatchObject({ group: true });
    expect(await isAlive(known!)).toBe(true);
    started.kill();
    expect(await started.ended).toEqual(exited(143));
    expect(await isAlive(known!)).toBe(false);
  });
});

describe('the process that starts others', () => {
  beforeEach(async () => {
    spawner = new Spawner(stdio => stdio, 2, file);
    expect([await parent(), await parent()]).toEqual([process.pid, process.pid]);
  });

  afterEach(() => spawner.close());

  test('is there for those after the first few', async () => {
    const other = await untilParentIsOther();
    expect(await parent()).toBe(other);
  });

  test('takes what it started with it when it dies, and those after are started here', async () => {
    const other = await untilParentIsOther();
    const started = await start(['sleep', '86395']);
    const [known] = await started.processes;
    process.kill(other, 'SIGKILL');
    expect(await started.ended).toEqual({ kind: 'error', reason: 'the process that starts jobs has ended' });
    expect(await isAlive(known!)).toBe(false);
    expect(await parent()).toBe(process.pid);
  });

  test('takes what it started with it when it is let go', async () => {
    const other = await untilParentIsOther();
    const [known] = await (await start(['sleep', '86395'])).processes;
    await spawner.close();
    expect(await identify(other)).toBeUndefined();
    expect(await isAlive(known!)).toBe(false);
  });

  test('may be one that does not start', async () => {
    const broken = join(root, 'broken.mjs');
    await writeFile(broken, 'process.exit(1)');
    spawner = new Spawner(stdio => stdio, 0, pathToFileURL(broken));
    expect([await parent(), await parent()]).toEqual([process.pid, process.pid]);
  });
});
