import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toArgo } from '../../argo/argo.js';
import { ProcessKubelet } from '../../testing/argo-simulator/kubelet.js';
import { ArgoSimulator } from '../../testing/argo-simulator/simulator.js';
import { FakeKubernetes } from '../../testing/kubernetes/server.js';
import { conformance, type ConformanceContext } from '../conformance.js';
import { jobOf, planOf, until, waitFor } from '../conformance/case.js';
import type { Plan } from '../../plan/plan.js';
import type { Engine, Submission } from '../engine.js';
import { HttpKubernetesClient } from './api/client.js';
import { openArgoEngine } from './engine.js';

const HOME = '/home/jovyan';
/** What a cluster does in another way than one machine, and why. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['the log of a command that does not exist says so as a shell does', "the log has the words of Argo's emissary"],
  [
    'each job is asked for before it begins, and a refusal ends the run as Error with its reason',
    'Argo starts jobs by itself, so all are asked for before the run is submitted; see engine.test.ts'
  ],
  [
    'a job whose working folder does not exist Failed, and its log says so',
    'the runtime of a container makes a working folder that is not there'
  ],
  ['an output that is no text in UTF-8 is an Error', 'Argo takes it, and puts U+FFFD where it is none'],
  ['a working folder outside of what the job sees is refused', 'an image may hold any folder'],
  ['the logs of the attempts before a retry stay', 'the logs of attempts before a retry go with their pods']
]);

const hasBubblewrap = spawnSync('bwrap', ['--version']).status === 0;
if (!hasBubblewrap)
  console.warn('skipped: the simulated cluster runs its pods with bubblewrap, which is not installed');

(hasBubblewrap ? describe : describe.skip)('the Argo engine on a simulated cluster', () => {
  const claims = new Map<string, string>();
  let root: string;
  let cluster: FakeKubernetes;
  let simulator: ArgoSimulator;
  let engine: Engine;
  let count = 0;
  let home = '';

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'argo-conformance-'));
    cluster = await FakeKubernetes.start();
    simulator = new ArgoSimulator(cluster, new ProcessKubelet({ folder: root, claims }));
    engine = openArgoEngine({
      client: new HttpKubernetesClient(cluster.url, 'science', () => Promise.resolve({})),
      manifestOf: ({ id, plan }) => {
        const volumes = [{ name: 'home', persistentVolumeClaim: { claimName: home } }];
        const inherited = { volumes, volumeMounts: [{ name: 'home', mountPath: HOME }] };
        return toArgo(plan, { name: id, home: HOME, workspace: `${HOME}/work`, inherited }).workflow as never;
      }
    });
  });

  afterAll(async () => {
    simulator.close();
    await cluster.close();
    await rm(root, { recursive: true });
  });

  async function context(): Promise<ConformanceContext> {
    count += 1;
    home = `home-${count}`;
    const workspace = join(root, home, 'work');
    claims.set(home, join(root, home));
    await mkdir(workspace, { recursive: true });
    let runs = 0;
    const place = { hostPath: HOME, mountPath: HOME, workspace: 'work' };
    const again = (id: string, plan: Plan): Submission => ({ id, plan, home: place, mounts: new Map() });
    return {
      engine,
      again,
      submit(plan, more) {
        runs += 1;
        return engine.submit({ ...again(`run-${count}-${runs}`, plan), ...more });
      },
      read: file => readFile(join(workspace, file), 'utf8').catch(() => undefined),
      async write(file, text) {
        await mkdir(dirname(join(workspace, file)), { recursive: true });
        await writeFile(join(workspace, file), text);
      }
    };
  }

  const shared = conformance.filter(
    ({ name, needs }) => (needs === undefined || needs === 'retry') && !OTHERWISE.has(name)
  );

  test.each(shared.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run(await context())).resolves.toBeUndefined();
  });

  test('the exit handler runs also after a stop', async () => {
    const { submit, write, read } = await context();
    const onExit = jobOf({ name: 'bye', sh: 'touch bye.txt' });
    const { id } = await submit(planOf([{ name: 'a', sh: waitFor('never') }], { onExit }));
    await until(engine, id, run => run.jobs[0]?.phase === 'Running');
    await engine.stop(id, 'stopped by ann');
    const run = await engine.get(id);
    expect([run?.state, run?.reason, await read('bye.txt')]).toEqual(['Error', 'stopped by ann', '']);
    await write('never', '');
  });

  test('what is left out is a case of the suite', () => {
    const names = conformance.map(({ name }) => name);
    expect([...OTHERWISE.keys()].filter(name => !names.includes(name))).toEqual([]);
  });
});
