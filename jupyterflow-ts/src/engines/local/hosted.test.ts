import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { logOf, phases, planOf } from '../conformance.js';
import type { Plan } from '../../plan/plan.js';
import { openLocalEngine } from './index.js';
import { identify, untilGone } from './processes.js';

const NOBODY = 65534;
let root: string;
let count = 0;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'engine-hosted-')));
  await chmod(root, 0o755);
  const esbuild = join(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')), 'bin', 'esbuild');
  const entries = { engine: 'index.ts', 'spawner-process': 'spawner-process.ts' };
  const sources = Object.entries(entries).map(
    ([name, file]) => `${name}=${fileURLToPath(new URL(file, import.meta.url))}`
  );
  const options = ['--bundle', '--platform=node', '--format=esm', '--log-level=error', `--outdir=${root}`];
  await promisify(execFile)(esbuild, [...sources, ...options]);
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(root, 'host.mjs'),
    `import { openLocalEngine } from './engine.js';
     const { options, runs, follow, how } = JSON.parse(process.argv[2]);
     const engine = await openLocalEngine(options).catch(error => { console.log(error.message); process.exit(1); });
     for (const run of runs) await engine[how]({ ...run, mounts: new Map() });
     for await (const text of engine.logs(runs.at(-1).id, follow, { follow: true })) process.stdout.write(text);
     let run;
     for await (run of engine.watch(runs.at(-1).id));
     console.log(run.state + ' ' + (run.reason ?? ''));
     await engine.close('done');`
  );
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

interface Hosted {
  readonly folder: string;
  readonly workspace: string;
  readonly host: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

interface HostOptions {
  readonly plan: Plan;
  readonly sandbox?: 'bubblewrap' | 'none';
  readonly spawn?: SpawnOptions;
  /** Goes on with the run of the host before. */
  readonly retry?: boolean;
  /** Program and arguments before those of the host. */
  readonly within?: readonly string[];
}

/** Starts a process that opens an engine, submits a run, prints the log of its job `a` and then its last state. */
async function host({
  plan,
  sandbox = 'bubblewrap',
  spawn: options = {},
  within = [],
  retry = false
}: HostOptions): Promise<Hosted> {
  if (!retry) count += 1;
  const place = join(root, `place-${count}`);
  const folder = join(place, 'runs');
  await mkdir(join(place, 'home', 'work'), { recursive: true });
  for (const path of [place, join(place, 'home'), join(place, 'home', 'work')]) {
    if (options.uid !== undefined) await chown(path, options.uid, options.uid);
  }
  const home = { hostPath: join(place, 'home'), mountPath: '/home/jovyan', workspace: 'work' };
  const work = {
    options: { folder, sandbox, slots: 4 },
    runs: [{ id: 'run-1', plan, home }],
    follow: 'a',
    how: retry ? 'retry' : 'submit'
  };
  const command = [...within, process.execPath, join(root, 'host.mjs'), JSON.stringify(work)];
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return { folder, workspace: join(place, 'home', 'work'), host: child, lines };
}

async function rest(lines: AsyncIterator<string>): Promise<string[]> {
  const all: string[] = [];
  for (let line = await lines.next(); !line.done; line = await lines.next()) all.push(line.value);
  return all;
}

async function untilEnded(pid: number): Promise<void> {
  const process = await identify(pid);
  if (process !== undefined) await untilGone(process);
}

async function sleepers(seconds: number): Promise<number> {
  const numbers = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(numbers.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter(line => line === `sleep\0${seconds}\0`).length;
}

describe.each(['bubblewrap', 'none'] as const)(
  'an engine with sandbox %s that is killed while a run is going',
  sandbox => {
    const seconds = sandbox === 'none' ? 86398 : 86397;

    test('is followed by one that ends the run as Error, keeps its logs, and leaves no process', async () => {
      const plan = planOf([
        { name: 'before', sh: 'echo done' },
        { name: 'a', sh: `echo begun; sleep ${seconds}`, dependsOn: ['before'] },
        { name: 'b', sh: 'true', dependsOn: ['a'] }
      ]);
      const { folder, host: killed, lines } = await host({ plan, sandbox });
      expect((await lines.next()).value).toBe('begun');
      killed.kill('SIGKILL');
      await once(killed, 'exit');

      const engine = await openLocalEngine({ folder, sandbox });
      const run = (await engine.get('run-1'))!;
      const reason = 'the engine stopped while the run was going';
      expect([run.state, run.reason, phases(run)]).toEqual(['Error', reason, 'before Succeeded, a Error, b Error']);
      expect(run.jobs[1]).toMatchObject({ reason, attempts: 1 });
      expect(await logOf(engine, 'run-1', 'before')).toBe('done\n');
      expect(await logOf(engine, 'run-1', 'a', { follow: true })).toBe('begun\n');
      expect(await sleepers(seconds)).toBe(0);
      expect(await engine.list()).toEqual([run]);
      await engine.close('the test is over');

      const again = await openLocalEngine({ folder, sandbox });
      expect(await again.get('run-1')).toEqual(run);
      await again.remove('run-1');
      await again.close('the test is over');
    });
  }
);

/*
 *  l0-0 --- l1-0 --- l2-0 --- l3-0
 *       \\ /      \\ /      \\ /      \\
 *       / \\      / \\      / \\       a
 *  l0-1 --- l1-1 --- l2-1 --- l3-1 /
 */
test('a run whose engine is killed again and again comes to its end, and no job runs again that others were built on', async () => {
  const layers = [0, 1, 2, 3].map(layer => [`l${layer}-0`, `l${layer}-1`]);
  const sh = 'echo "$JUPYTERFLOW_JOB" >> ran; ! rm "kill-$JUPYTERFLOW_JOB" 2>/dev/null || kill -9 $PPID';
  const jobs = layers.flatMap((names, layer) => names.map(name => ({ name, sh, dependsOn: layers[layer - 1] ?? [] })));
  const plan = planOf([...jobs, { name: 'a', dependsOn: layers[3]! }]);
  const killers = fc.uniqueArray(fc.constantFrom(...layers.flat()), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(killers, async names => {
      // The first command that is there when it begins; the files are there before the engine is.
      const place = join(root, `place-${count + 1}`, 'home', 'work');
      await mkdir(place, { recursive: true });
      for (const name of names) await writeFile(join(place, `kill-${name}`), '');
      let said: string[] = [];
      for (let round = 0; round <= names.length && said.length === 0; round += 1) {
        const { host: child, lines } = await host({ plan, sandbox: 'none', retry: round > 0 });
        const ended = once(child, 'exit');
        said = await rest(lines);
        await ended;
      }
      expect(said).toEqual(['Succeeded ']);
      const ran = (await readFile(join(place, 'ran'), 'utf8')).trimEnd().split('\n');
      expect(new Set(ran)).toEqual(new Set(layers.flat()));
      const layerOf = (name: string): number => Number(name[1]);
      expect(ran.map(layerOf)).toEqual(ran.map(layerOf).sort());
      for (const name of names) expect(ran.filter(one => one === name).length).toBeGreaterThan(1);
    }),
    { numRuns: 5 }
  );
}, 60_000);

test('the process that starts many jobs goes with its engine, and so do they', async () => {
  // Not the engine, whose command line has this very text.
  const sh = "grep -q 'spawner-proces[s].js' /proc/$PPID/cmdline";
  const plan = planOf([
    { name: 'until', sh, retries: 100_000 },
    { name: 'a', sh: `${sh} && echo $PPID; sleep 86394`, dependsOn: ['until'] }
  ]);
  const { folder, host: killed, lines } = await host({ plan, sandbox: 'none' });
  const other = Number((await lines.next()).value);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await untilEnded(other);
  expect(await sleepers(86394)).toBe(0);

  const engine = await openLocalEngine({ folder, sandbox: 'none' });
  expect(phases((await engine.get('run-1'))!)).toBe('until Succeeded, a Error');
  await engine.close('the test is over');
});

test('an engine refuses a folder that another process uses', async () => {
  const plan = planOf([{ name: 'a', sh: 'echo begun; until [ -e go ]; do sleep 0.01; done' }]);
  const { folder, workspace, host: other, lines } = await host({ plan });
  expect((await lines.next()).value).toBe('begun');
  await expect(openLocalEngine({ folder })).rejects.toThrow(
    `the folder ${folder} is used by another engine, process ${other.pid}; end that one or choose another folder`
  );
  await writeFile(join(workspace, 'go'), '');
  expect(await rest(lines)).toEqual(['Succeeded ']);
});

test('a job gets no file that the engine itself was started with', async () => {
  const plan = planOf([{ name: 'a', sh: 'readlink /proc/self/fd/200' }]);
  // Node closes low numbers in its children by itself.
  const stdio = Array.from({ length: 201 }, (_, file) => (file === 1 || file === 200 ? 'pipe' : 'ignore'));
  const { lines } = await host({ plan, spawn: { stdio } });
  expect(await rest(lines)).toEqual(['/dev/null', 'Succeeded ']);
});

test('jobs of an ordinary user are in a sandbox too', async () => {
  const plan = planOf([{ name: 'a', sh: 'id -un; pwd; echo hi > x; cat x; ls /root' }]);
  const spawn = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const { lines } = await host({ plan, spawn });
  const job = ['jovyan', '/home/jovyan/work', 'hi', "ls: cannot access '/root': No such file or directory"];
  expect(await rest(lines)).toEqual([...job, 'Failed job a: exited with code 2']);
});

test('jobs that are started inside a sandbox are in one of their own', async () => {
  const plan = planOf([{ name: 'a', sh: 'id -un; ls /root; (sleep 86396 &)' }]);
  const outer = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--bind', root, root, '--dev', '/dev'];
  const { lines } = await host({ plan, within: ['bwrap', ...outer, '--proc', '/proc', '--die-with-parent', '--'] });
  const job = ['jovyan', "ls: cannot access '/root': No such file or directory"];
  expect(await rest(lines)).toEqual([...job, 'Succeeded ']);
  expect(await sleepers(86396)).toBe(0);
});
