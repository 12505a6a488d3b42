import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocalEngine, type Plan } from 'jupyterflow-ts';
import type { Subject } from './measure.js';

/** Runs of jobs that do nothing, without and with a sandbox. */
export async function engineRuns(
  folder: string,
  jobs: number,
  width: number
): Promise<{ readonly subjects: readonly Subject[]; readonly close: () => Promise<void> }> {
  await mkdir(join(folder, 'home'));
  const home = { hostPath: join(folder, 'home'), mountPath: '/home/jovyan', workspace: '' };
  const plan = planOf(jobs);
  let runs = 0;
  const engines = await Promise.all(
    (['none', 'bubblewrap'] as const).map(sandbox =>
      openLocalEngine({ folder: join(folder, sandbox), sandbox, slots: width })
    )
  );
  const subjects = engines.map((engine, i) => ({
    name: `engine, ${i === 0 ? 'no sandbox' : 'bubblewrap'}`,
    work: async () => {
      const id = `run_${String(runs++).padStart(8, '0')}`;
      await engine.submit({ id, plan, home, mounts: new Map() });
      for await (const run of engine.watch(id))
        if (run.state === 'Failed' || run.state === 'Error') throw new Error(run.reason);
    }
  }));
  const close = async (): Promise<void> => {
    await Promise.all(engines.map(engine => engine.close('the benchmark is over')));
  };
  return { subjects, close };
}

/** The least that can be done to have so many processes run, so many at once. */
export async function bareLoop(jobs: number, width: number): Promise<void> {
  let left = jobs;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await new Promise(resolve => spawn('true', { stdio: 'ignore' }).once('exit', resolve));
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function planOf(jobs: number): Plan {
  return {
    name: 'true',
    failFast: true,
    jobs: Array.from({ length: jobs }, (_, i) => ({
      name: `job-${i + 1}`,
      argv: ['true'],
      dependsOn: [],
      env: [],
      volumes: [],
      retries: 0,
      resources: {}
    }))
  };
}
