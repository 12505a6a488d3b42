import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { empty, readOnly, sandboxArguments, startScript, writable, type Start } from './bubblewrap-args.js';

let folder: string;
let identity: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "engine-start's ")));
  const { dev, ino } = await stat(folder, { bigint: true });
  identity = `${dev}:${ino}`;
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a start script as bubblewrap would; its own words, the job's output, and the exit code. */
async function start(
  start: Partial<Start>,
  argv: readonly string[]
): Promise<{ said: string; output: string; code: number }> {
  const script = join(folder, 'start.sh');
  await writeFile(
    script,
    startScript({ expected: new Map([[folder, identity]]), workdir: folder, env: new Map(), ...start })
  );
  const stdio = ['ignore', 'ignore', 'pipe', 'ignore', 'ignore', 'ignore', 'pipe'] as const;
  const child = spawn('/bin/sh', [script, ...argv], { env: { PATH: '/usr/bin:/bin' }, stdio: [...stdio] });
  const text = { said: '', output: '' };
  const [, , said, , , , output] = child.stdio as readonly (Readable | undefined)[];
  said?.on('data', chunk => (text.said += String(chunk)));
  output?.on('data', chunk => (text.output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { ...text, code };
}

describe('the first process of a sandbox', () => {
  test('becomes the job when the folders are those that were meant', async () => {
    expect(await start({}, ['pwd'])).toEqual({ said: 'ready\n', output: `${folder}\n`, code: 0 });
  });

  test.each([
    ['another folder is mounted', (): Start['expected'] => new Map([[folder, '1:1']])],
    [
      'one of two folders is another',
      (): Start['expected'] =>
        new Map([
          [folder, identity],
          ['/usr', '1:1']
        ])
    ],
    ['a folder is missing', (): Start['expected'] => new Map([[join(folder, 'missing'), identity]])]
  ])('does not when %s', async (_, expected) => {
    const { said, output, code } = await start({ expected: expected() }, ['echo', 'ran']);
    expect({ said: said.split('\n').at(-2), output, code }).toEqual({ said: 'changed', output: '', code: 1 });
  });

  test('is not swayed by the environment of the job', async () => {
    const env = new Map([
      ['PATH', folder],
      ['LD_PRELOAD', join(folder, 'evil.so')],
      ['ENV', join(folder, 'evil.sh')]
    ]);
    expect((await start({ env, expected: new Map([[folder, '1:1']]) }, ['echo', 'ran'])).said).toBe('changed\n');
  });

  test('goes on when the shell will not have a variable', async () => {
    const env = new Map([
      ['OPTIND', 'x'],
      ['AFTER', 'yes']
    ]);
    expect((await start({ env }, ['/bin/sh', '-c', 'echo $AFTER'])).output).toMatch(/yes\n$/);
  });
});

test('mounts are made from the outside in, and nothing of the root can be written', () => {
  const machine = { kernel: ['--proc', '/proc'], system: [readOnly('/usr'), empty('/tmp')] };
  const args = sandboxArguments(machine, [
    readOnly('/home/jovyan/w/uis', '/d'),
    writable('/home/jovyan/w', '/h/w'),
    empty('/home/jovyan')
  ]);
  expect(args.slice(args.indexOf('/usr/bin:/bin') + 1)).toEqual(
    [
      ['--ro-bind', '/usr', '/usr', '--tmpfs', '/tmp', '--tmpfs', '/home/jovyan', '--bind', '/h/w', '/home/jovyan/w'],
      [
        '--ro-bind',
        '/d',
        '/home/jovyan/w/uis',
        '--proc',
        '/proc',
        '--ro-bind-data',
        '4',
        '/run/jupyterflow/start',
        '--remount-ro',
        '/'
      ]
    ].flat()
  );
});
