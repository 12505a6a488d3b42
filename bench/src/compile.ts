import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compare, processOf, table } from './measure.js';
import { peer } from './peers.js';

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const COMMAND = path('../../jupyterflow-ts/bundle/jupyterflow.js');
const WIDTH = 5;

/** A workflow file to the YAML of its manifest, by whole processes that start cold. */
export async function compile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    return [await large(folder), await small(folder), await sizes(folder)].join('\n\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** 5,000 jobs in layers of five, each layer after the one before. */
async function large(folder: string): Promise<string> {
  const jobs = 5000;
  const file = await layers(folder, jobs, layer => [`'[${layer.above.join(', ')}] >> [${layer.jobs.join(', ')}]'`]);
  const manifest = join(folder, 'manifest.json');
  await writeFile(
    manifest,
    (await run(process.execPath, [COMMAND, 'compile', '-f', file, '--max-size', '9999', '-o', 'json'], LARGE)).stdout
  );
  const hera = await peer('hera');
  return compare(
    [
      processOf(`jupyterflow compile, ${jobs} jobs`, process.execPath, [
        COMMAND,
        'compile',
        '-f',
        file,
        '--max-size',
        '9999'
      ]),
      processOf('bare parse + stringify', process.execPath, [path('../peers/bare.mjs'), file, manifest]),
      processOf('Hera 7.1', `${hera}/python`, [path('../peers/hera_layers.py'), String(jobs)])
    ],
    3
  );
}

/**
 * The same graph of 500 jobs, what the first JupyterFlow can take, with 25 variables and 5 mounts that all jobs inherit: from
 * its pod there, from the configuration here. It knows only edges between two jobs.
 */
async function small(folder: string): Promise<string> {
  const jobs = 500;
  const ours = await layers(folder, jobs, layer => [`'[${layer.above.join(', ')}] >> [${layer.jobs.join(', ')}]'`]);
  const pairs = await layers(folder, jobs, ({ above, jobs: layer }) =>
    above.flatMap(parent => layer.map(child => `${parent} >> ${child}`))
  );
  const config = join(folder, 'config.yaml');
  await writeFile(config, JSON.stringify({ spec: inherited() }));
  const jupyterflow = await peer('jupyterflow');
  const compile = (file: string): readonly string[] => [COMMAND, 'compile', '-f', file];
  const env = { JUPYTERFLOW_CONFIG_FILE: config };
  return compare(
    [
      processOf(`jupyterflow compile, ${jobs} jobs`, process.execPath, compile(ours), env),
      processOf('the same, 2,475 edges one by one', process.execPath, compile(pairs), env),
      processOf('JupyterFlow 0.0.4', `${jupyterflow}/python`, [path('../peers/jupyterflow_dry_run.py'), pairs])
    ],
    5
  );
}

/** As in peers/jupyterflow_dry_run.py. */
function inherited(): object {
  const five = Array.from({ length: 5 }, (_, i) => `volume-${i}`);
  return {
    env: Array.from({ length: 25 }, (_, i) => ({ name: `VARIABLE_${i}`, value: 'x'.repeat(40) })),
    volumes: five.map(name => ({ name, persistentVolumeClaim: { claimName: name } })),
    volumeMounts: five.map((name, i) => ({ name, mountPath: `/data/${i}` }))
  };
}

/** Bytes of the spec of jobs that have 25 variables and 5 mounts each. */
async function sizes(folder: string): Promise<string> {
  const env = Array.from({ length: 25 }, (_, i) => `  VARIABLE_${i}: ${'x'.repeat(40)}`);
  const volumes = Array.from({ length: 5 }, (_, i) => `- {dataset: uis/data-${i}, path: /data/${i}}`);
  const rows = await Promise.all(
    [1000, 3000].map(async jobs => {
      const lines = Array.from({ length: jobs }, (_, i) => `- python work.py ${i}`);
      const file = join(folder, `wide-${jobs}.yaml`);
      await writeFile(file, ['env:', ...env, 'volumes:', ...volumes, 'jobs:', ...lines, ''].join('\n'));
      const { stdout } = await run(process.execPath, [COMMAND, 'compile', '-f', file, '-o', 'json'], LARGE);
      const { spec } = JSON.parse(stdout) as { spec: unknown };
      const bytes = Buffer.byteLength(JSON.stringify(spec));
      return [`${jobs} jobs, 25 variables, 5 mounts`, `${Math.round(bytes / 1024)}`, (bytes / 1024 / jobs).toFixed(3)];
    })
  );
  return table([['', 'KiB', 'KiB a job'], ...rows]);
}

const LARGE = { maxBuffer: 2 ** 28 };

interface Layer {
  readonly above: readonly number[];
  readonly jobs: readonly number[];
}

async function layers(folder: string, jobs: number, edges: (layer: Layer) => readonly string[]): Promise<string> {
  const numbers = Array.from({ length: jobs / WIDTH }, (_, layer) =>
    Array.from({ length: WIDTH }, (_, i) => layer * WIDTH + i + 1)
  );
  const dags = numbers.slice(1).flatMap((layer, i) => edges({ above: numbers[i] ?? [], jobs: layer }));
  const file = join(folder, `${jobs}-jobs-${dags.length}-edges.yaml`);
  const commands = Array.from({ length: jobs }, (_, i) => `- echo job ${i + 1}`);
  await writeFile(
    file,
    ['name: layers', 'jobs:', ...commands, 'dags:', ...dags.map(edge => `- ${edge}`), ''].join('\n')
  );
  return file;
}
