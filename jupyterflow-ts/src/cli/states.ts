import type { RunView } from './backend.js';
import { table } from './table.js';

type RunJob = RunView['jobs'][number];

const COLORS: Readonly<Record<string, number>> = { Succeeded: 32, Failed: 31, Error: 31, Running: 34 };

/** Seconds from start to end, or to now. */
export function elapsed(of: { readonly startedAt?: string; readonly finishedAt?: string }, now = Date.now()): string {
  if (of.startedAt === undefined) return '';
  const end = of.finishedAt === undefined ? now : Date.parse(of.finishedAt);
  const seconds = Math.max(0, end - Date.parse(of.startedAt)) / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `job-1  Succeeded  0.3 s`, with the reason when there is one. */
export function jobLine(job: RunJob, width: number, color = false): string {
  const phase = job.phase.padEnd('Succeeded'.length);
  const code = COLORS[job.phase];
  const painted = color && code !== undefined ? `\u001b[${code}m${phase}\u001b[0m` : phase;
  return [job.name.padEnd(width), painted, elapsed(job), job.phase === 'Succeeded' && !job.cached ? '' : whyOf(job)]
    .join('  ')
    .trimEnd();
}

export function widestName(run: RunView): number {
  return Math.max(...run.jobs.map(({ name }) => name.length));
}

/** A run with its jobs, for `get`. */
export function describeRun(run: RunView, wide = false): string {
  const head = table([
    ['name', run.name],
    ['id', run.id],
    ['state', [run.state, run.reason].filter(Boolean).join(': ')],
    ['started', run.startedAt],
    ...(run.finishedAt === undefined ? [] : [['finished', run.finishedAt]]),
    ['duration', elapsed(run)],
    ['engine', run.engine],
    ['folder', run.workspace],
    ...(run.leases.length === 0 ? [] : [['leases', run.leases.join(', ')]]),
    ...(wide ? [['source', run.sourceDigest]] : []),
    ...(wide && run.user !== undefined ? [['user', `${run.user} of ${run.organization ?? ''}`]] : []),
    ...(run.links.argo === undefined ? [] : [['argo', run.links.argo]])
  ]);
  const jobs = table([
    ['JOB', 'STATE', 'TIME', 'EXIT', 'ATTEMPTS', 'AFTER', ...(wide ? ['OUTPUTS'] : []), 'REASON'],
    ...run.jobs.map(job => [
      job.name,
      job.phase,
      elapsed(job),
      job.exitCode === undefined ? '' : String(job.exitCode),
      String(job.attempts),
      job.dependsOn.join(','),
      ...(wide ? [outputsOf(job)] : []),
      whyOf(job)
    ])
  ]);
  return `${head}\n${jobs}`;
}

/** Why a job is as it is. */
function whyOf({ cached, reason = '' }: RunJob): string {
  return cached ? 'not run: nothing changed since it last was' : reason;
}

function outputsOf({ outputs = {} }: RunJob): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${value.length > 40 ? `${value.slice(0, 40)}…` : value}`)
    .join(' ');
}
