import type { RunView } from '../backend.js';
import { elapsed } from '../states.js';
import { harmless } from '../terminal.js';

type Job = RunView['jobs'][number];
export type Phase = Job['phase'];

/** A job, or the copies of one. */
export interface Branch {
  readonly depth: 1 | 2;
  readonly name: string;
  readonly phase: Phase;
  readonly time: string;
  readonly note: string;
  /** Jobs that it stands for when it is left out. */
  readonly phases: readonly Phase[];
}

/**
 * What fits into so many lines. First the copies that are not news are left out: their job counts them. Then the jobs that are
 * least news.
 * @returns those shown, and those that must be told in a line of their own
 */
export function foldBranches(
  branches: readonly Branch[],
  lines: number
): readonly [shown: readonly Branch[], folded: readonly Branch[]] {
  if (branches.length <= lines) return [branches, []];
  const news = branches.filter(({ depth, phase }) => depth === 1 || isNews(phase));
  return news.length <= lines ? [news, []] : keepImportant(news, lines - 1);
}

/** The phase of several jobs together. */
export function phaseOf(phases: readonly Phase[]): Phase {
  const has = (phase: Phase): boolean => phases.includes(phase);
  if (has('Running')) return 'Running';
  if (has('Pending')) return phases.every(phase => phase === 'Pending') ? 'Pending' : 'Running';
  const worst = (['Error', 'Failed', 'Omitted', 'Succeeded'] as const).find(has);
  return worst ?? 'Skipped';
}

export function isDone(phase: Phase): boolean {
  return phase === 'Succeeded' || phase === 'Skipped';
}

function isNews(phase: Phase): boolean {
  return phase === 'Running' || phase === 'Failed' || phase === 'Error';
}

/** The jobs of a run in the order of its plan, copies below the job of the file. */
export function branchesOf({ jobs }: RunView, now: number): readonly Branch[] {
  return [...groupBy(jobs)].flatMap(([name, members]) => {
    const [only] = members;
    if (only !== undefined && members.length === 1 && only.name === name) return [branchOf(only, 1, now)];
    return [groupBranch(name, members, now), ...members.map(job => branchOf(job, 2, now))];
  });
}

function nameOf(job: Job): string {
  return job.group ?? job.name;
}

function groupBy(jobs: readonly Job[]): Map<string, Job[]> {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const members = groups.get(nameOf(job));
    if (members === undefined) groups.set(nameOf(job), [job]);
    else members.push(job);
  }
  return groups;
}

function branchOf(job: Job, depth: 1 | 2, now: number): Branch {
  const notes = [
    job.cached === true ? 'cached' : '',
    job.attempts > 1 ? `attempt ${job.attempts}` : '',
    job.phase === 'Succeeded' ? '' : harmless(job.reason ?? '')
  ];
  const note = notes.filter(Boolean).join(', ').replace(/\s+/g, ' ');
  return { depth, name: job.name, phase: job.phase, time: elapsed(job, now), note, phases: [job.phase] };
}

function groupBranch(name: string, jobs: readonly Job[], now: number): Branch {
  const phases = jobs.map(({ phase }) => phase);
  const phase = phaseOf(phases);
  const [startedAt] = jobs.flatMap(job => job.startedAt ?? []).sort();
  const last = jobs
    .flatMap(job => job.finishedAt ?? [])
    .sort()
    .at(-1);
  const isOver = phase !== 'Running' && phase !== 'Pending';
  const time =
    startedAt === undefined
      ? ''
      : elapsed({ startedAt, ...(isOver && last !== undefined ? { finishedAt: last } : {}) }, now);
  const failed = phases.filter(one => one === 'Failed' || one === 'Error').length;
  const note = `${phases.filter(isDone).length}/${jobs.length}${failed === 0 ? '' : `, ${failed} failed`}`;
  return { depth: 1, name, phase, time, note, phases: [] };
}

/** The most important ones, in their order, and the rest. */
function keepImportant(branches: readonly Branch[], most: number): readonly [readonly Branch[], readonly Branch[]] {
  const rank = ({ phase, depth }: Branch): number =>
    (phase === 'Failed' || phase === 'Error' ? 0 : phase === 'Running' ? 2 : phase === 'Pending' ? 4 : 6) + depth - 1;
  const kept = new Set([...branches].sort((a, b) => rank(a) - rank(b)).slice(0, most));
  return [branches.filter(branch => kept.has(branch)), branches.filter(branch => !kept.has(branch))];
}
