import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { conformance, type ConformanceContext } from './conformance.js';
import type { Plan } from '../plan/plan.js';
import type { Submission } from './engine.js';
import { openLocalEngine, type LocalEngine } from './local/index.js';

describe.each(['bubblewrap', 'none'] as const)('the local engine with sandbox %s', sandbox => {
  let root: string;
  let engine: LocalEngine;
  let count = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'engine-conformance-'));
    engine = await openLocalEngine({ folder: join(root, 'runs'), sandbox, slots: 4 });
  });

  afterAll(async () => {
    await engine.close('the tests are over');
    await rm(root, { recursive: true });
  });

  async function context(): Promise<ConformanceContext> {
    count += 1;
    const hostPath = join(root, `home-${count}`);
    const workspace = join(hostPath, 'work');
    await mkdir(workspace, { recursive: true });
    const home = { hostPath, mountPath: '/home/jovyan', workspace: 'work' };
    let runs = 0;
    const again = (id: string, plan: Plan): Submission => ({ id, plan, home, mounts: new Map() });
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

  test.each(conformance.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run(await context())).resolves.toBeUndefined();
  });
});
