import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** One row of a table: something that is timed. */
export interface Subject {
  readonly name: string;
  /** Does the work once. */
  readonly work: () => Promise<void> | void;
}

/**
 * A whole process, from its start to its end; its output is thrown away.
 * @throws Error when it fails
 */
export function processOf(
  name: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {}
): Subject {
  const options: SpawnSyncOptionsWithStringEncoding = {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ...env }
  };
  const work = (): void => {
    const { status, stderr, error } = spawnSync(program, args, options);
    if (status !== 0) throw error ?? new Error(`${name}: ${stderr}`);
  };
  return { name, work };
}

/** The machine and what else it has to do, in one line. */
export function hardware(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

/**
 * Times subjects in turn, round by round, so that a machine that slows down slows all of them; the first is the peer that the
 * ratios refer to.
 * @param rounds how often each is timed, after one round that is not counted
 * @returns a table of milliseconds and of the ratio of medians
 */
export async function compare(subjects: readonly Subject[], rounds = 7): Promise<string> {
  const times = subjects.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, { work }] of subjects.entries()) {
      const started = performance.now();
      await work();
      if (round > 0) times[i]?.push(performance.now() - started);
    }
  const medians = times.map(median);
  const rows = subjects.map(({ name }, i) => {
    const row = times[i] ?? [];
    const figures = [Math.min(...row), medians[i] ?? 0, Math.max(...row)].map(ms => ms.toFixed(1));
    return [name, ...figures, ((medians[i] ?? 0) / (medians[0] ?? 1)).toFixed(2)];
  });
  return table([['', 'min ms', 'median ms', 'max ms', 'ratio'], ...rows]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Rows of cells as aligned text; the first column to the left. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}
