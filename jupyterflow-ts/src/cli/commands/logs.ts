import { unknownJob, type Backend, type BackendLogOptions, type RunView } from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import type { FollowOptions } from '../live/log-follower.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { HarmlessLog, print, useColor } from '../terminal.js';

export interface LogsFlags extends BackendFlags {
  readonly job?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly attempt?: number;
  readonly prefix?: boolean;
}

/**
 * What the jobs wrote: of one job as it is, of several one after the other under their names. With a prefix, and when several
 * are followed, in lines that begin with the name of their job.
 */
export async function logs(reference: string, flags: LogsFlags): Promise<number> {
  const backend = await openBackend(flags);
  const run = await backend.find(reference);
  const wanted = jobsOf(run, flags.job);
  const options = optionsOf(run, wanted, flags);
  if (options.follow && wanted.length > 1) await printFollowed(backend, run, { jobs: wanted, ...options });
  else if (flags.prefix === true) await printPrefixed(backend, run, wanted, options);
  else await printEach(backend, run, wanted, options);
  return EXIT.ok;
}

/** A job, all jobs, or the copies of a job. */
function jobsOf(run: RunView, wanted: string | undefined): readonly string[] {
  const { jobs } = run;
  const names = jobs.map(job => job.name);
  if (wanted === undefined) return names;
  if (names.includes(wanted)) return [wanted];
  const copies = jobs.filter(({ group }) => group === wanted).map(job => job.name);
  if (copies.length > 0) return copies;
  throw unknownJob(run, wanted);
}

function optionsOf({ jobs }: RunView, wanted: readonly string[], flags: LogsFlags): BackendLogOptions {
  const { attempt, tail } = flags;
  const job = jobs.find(({ name, attempts }) => wanted.includes(name) && attempts < (attempt ?? 0));
  if (attempt !== undefined && job !== undefined) {
    const had = job.attempts === 0 ? 'did not begin' : `had ${job.attempts} attempt${job.attempts === 1 ? '' : 's'}`;
    throw new Failure(EXIT.usage, `job ${job.name} ${had}`, { code: 'UNKNOWN_ATTEMPT' });
  }
  return {
    follow: flags.follow === true,
    ...(tail === undefined ? {} : { tail }),
    ...(attempt === undefined ? {} : { attempt })
  };
}

async function printEach(
  backend: Backend,
  { id, jobs }: RunView,
  wanted: readonly string[],
  options: BackendLogOptions
): Promise<void> {
  const begun = new Set(jobs.flatMap(({ name, attempts }) => (attempts > 0 ? [name] : [])));
  // A file or a program gets the bytes as they are; a terminal obeys them.
  const guard = process.stdout.isTTY ? new HarmlessLog(useColor(process.stdout)) : undefined;
  for (const job of wanted) {
    const head = wanted.length > 1 ? `==> ${job} <==\n` : '';
    let isHeadPrinted = begun.has(job);
    if (isHeadPrinted) print(head);
    let last = '\n';
    for await (const chunk of backend.logs(id, job, options)) {
      // A job that did not begin can have the log of an earlier run's result.
      if (!isHeadPrinted) print(head);
      isHeadPrinted = true;
      print(guard === undefined ? chunk : guard.add(chunk));
      last = chunk.at(-1) ?? last;
    }
    if (last !== '\n' && wanted.length > 1) print('\n');
  }
}

async function printPrefixed(
  backend: Backend,
  { id }: RunView,
  wanted: readonly string[],
  options: BackendLogOptions
): Promise<void> {
  const { JobLines } = await import('../live/job-lines.js');
  const lines = new JobLines(wanted);
  for (const job of wanted) {
    for await (const chunk of backend.logs(id, job, options)) print(lines.add(job, chunk));
    print(lines.end(job));
  }
}

async function printFollowed(backend: Backend, run: RunView, options: FollowOptions): Promise<void> {
  const [{ LogFollower }, { watchRun }] = await Promise.all([import('../live/log-follower.js'), import('../watch.js')]);
  const follower = new LogFollower(backend, run, print, options);
  for await (const now of watchRun(backend, run, new AbortController().signal)) follower.update(now);
  await follower.drained();
}
