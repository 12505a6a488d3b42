import { EXIT, Failure } from '../failure.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { print } from '../terminal.js';

export interface LogsFlags extends BackendFlags {
  readonly job?: string;
  readonly follow?: boolean;
  readonly tail?: number;
}

/** What the jobs wrote: of one job as it is, of several one after the other under their names. */
export async function logs(reference: string, flags: LogsFlags): Promise<number> {
  const backend = await openBackend(flags);
  const { id, name, jobs } = await backend.find(reference);
  const names = jobs.map(job => job.name);
  if (flags.job !== undefined && !names.includes(flags.job)) {
    const hint = `Its jobs: ${names.join(', ')}.`;
    throw new Failure(EXIT.usage, `the run ${name} has no job ${flags.job}`, { code: 'UNKNOWN_JOB', hint });
  }
  const wanted = flags.job === undefined ? names : [flags.job];
  const options = { follow: flags.follow === true, ...(flags.tail === undefined ? {} : { tail: flags.tail }) };
  for (const job of wanted) {
    if (wanted.length > 1) print(`==> ${job} <==\n`);
    let last = '\n';
    for await (const chunk of backend.logs(id, job, options)) {
      print(chunk);
      last = chunk.at(-1) ?? last;
    }
    if (last !== '\n' && wanted.length > 1) print('\n');
  }
  return EXIT.ok;
}
