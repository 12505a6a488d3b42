import { spawnSync } from 'node:child_process';
import { compile } from 'jupyterflow-ts/core';
import { table } from './measure.js';

/** Longest file that the command reads. */
const MAX_LENGTH = 16_000_000;
const ROUNDS = 3;

interface Subject {
  readonly name: string;
  /** How many of what is counted: edges, jobs, errors. */
  readonly count: number;
  readonly text: () => string;
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
const jobs = (count: number): string => `jobs:\n${lines(count, i => `- echo ${i}`)}`;

/** So many different edges from the first half of the jobs to the second, ten for each job. */
function edges(count: number): Subject {
  const half = count / 20;
  const edge = (i: number): string => `- ${(i % half) + 1} >> ${half + 1 + ((Math.floor(i / half) + i) % half)}`;
  const text = (): string => `${jobs(2 * half)}dags:\n${lines(count, edge)}`;
  return { name: `${count} edges`, count, text };
}

const CHAIN = 10_000;
const SUBJECTS: readonly Subject[] = [
  edges(1000),
  edges(10_000),
  edges(100_000),
  {
    name: `a chain of ${CHAIN} jobs`,
    count: CHAIN,
    text: () => `${jobs(CHAIN)}dags:\n- ${Array.from({ length: CHAIN }, (_, i) => i + 1).join(' >> ')}\n`
  },
  {
    name: 'a file of 10 MB, 10000 jobs',
    count: 10_000,
    text: () => `jobs:\n${lines(10_000, i => `- python step.py ${i} ${'x'.repeat(980)}`)}`
  },
  {
    name: '10000 errors',
    count: 10_000,
    text: () => `${jobs(10_000)}dags:\n${lines(10_000, i => `- ${i + 1} >> x${i}`)}`
  }
];

/**
 * Large files: time, time for each edge (or job, or error), and peak memory. Each in a process of its own; the second and
 * later of its rounds count, so that small files are not measured by how Node warms up.
 */
export function validate(): Promise<string> {
  const rows = SUBJECTS.map((subject, index) => {
    const script = `import { measureSubject } from ${JSON.stringify(import.meta.url)};
console.log(JSON.stringify(measureSubject(${index})));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    const { ms, bytes, mebibytes } = JSON.parse(child.stdout) as Measured;
    return { subject, ms, bytes, mebibytes, each: (ms * 1000) / subject.count };
  });
  const first = rows[0]?.each ?? 1;
  return Promise.resolve(
    table([
      ['', 'KiB', 'ms', 'us each', 'of the first', 'peak MiB'],
      ...rows.map(({ subject, ms, bytes, mebibytes, each }) => [
        subject.name,
        String(Math.round(bytes / 1024)),
        ms.toFixed(0),
        each.toFixed(1),
        (each / first).toFixed(2),
        String(mebibytes)
      ])
    ])
  );
}

interface Measured {
  readonly ms: number;
  readonly bytes: number;
  readonly mebibytes: number;
}

/** What the process of one subject does. */
export function measureSubject(index: number): Measured {
  const text = SUBJECTS[index]?.text() ?? '';
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    compile({ text, file: 'workflow.yaml' }, { maxLength: MAX_LENGTH });
    if (round > 0) times.push(performance.now() - started);
  }
  return {
    ms: Math.min(...times),
    bytes: text.length,
    mebibytes: Math.round(process.resourceUsage().maxRSS / 1024)
  };
}
