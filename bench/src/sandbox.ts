import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalEngine, type Plan } from 'jupyterflow-ts';
import { compare } from './measure.js';

const JOBS = 100;
const WIDTH = 4;

/** 100 jobs that do nothing, four at once: in the engine, with and without sandbox, beside a loop that spawns them bare. */
export async function sandbox(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await mkdir(join(folder, 'home'));
  const engines = await Promise.all(
    (['none', 'bubblewrap'] as const).map(kind =>
      openLocalEngine({ folder: join(folder, kind), sandbox: kind, slots: WIDTH })
    )
  );
  let runs = 0;
  const subjects = engines.map((engine, i) => ({
    name: `engine, ${i === 0 ? 'no sandbox' : 'bubblewrap'}`,
    work: async () => {
      const id = `run_${String(runs++).padStart(8, '0')}`;
      const home = { hostPath: join(folder, 'home'), mountPath: '/home/jovyan', workspace: '' };
      await engine.submit({ id, plan, home, mounts: new Map() });
      for await (const run of engine.watch(id))
        if (run.state === 'Failed' || run.state === 'Error') throw new Error(run.reason);
    }
  }));
  try {
    return await compare([{ name: 'bare spawn loop', work: bareLoop }, ...subjects], 3);
  } finally {
    await Promise.all(engines.map(engine => engine.close('the benchmark is over')));
    await rm(folder, { recursive: true });
  }
}

const plan: Plan = {
  name: 'true',
  failFast: true,
  jobs: Array.from({ length: JOBS }, (_, i) => ({
    name: `job-${i + 1}`,
    argv: ['true'],
    dependsOn: [],
    env: [],
    volumes: [],
    retries: 0,
    resources: {}
  }))
};

async function bareLoop(): Promise<void> {
  let left = JOBS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await new Promise(resolve => spawn('true', { stdio: 'ignore' }).once('exit', resolve));
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}
