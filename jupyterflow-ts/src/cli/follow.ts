import type { Backend, RunView } from './backend.js';
import { EXIT, Failure } from './failure.js';
import { makeProgress } from './progress.js';
import { elapsed } from './states.js';
import { harmless, say } from './terminal.js';
import { isOver, watchRun } from './watch.js';

/** Last lines of a failed job's log that are shown. */
const TAIL = 20;

/** Follows a run to its end, shows what failed, and gives the exit code. */
export async function followRun(backend: Backend, first: RunView, timeoutSeconds?: number): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const timeout = timeoutSeconds === undefined ? [] : [AbortSignal.timeout(timeoutSeconds * 1000)];
  const progress = makeProgress();
  let run = first;
  try {
    for await (run of watchRun(backend, first, AbortSignal.any([interrupt.signal, ...timeout]))) progress.update(run);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
  if (!isOver(run)) {
    const interrupted = interrupt.signal.aborted;
    say(
      `${interrupted ? 'no longer watching' : 'waited long enough'}; ${run.name} goes on. To stop it: jupyterflow stop ${run.name}\n`
    );
    return interrupted ? EXIT.interrupted : EXIT.timeout;
  }
  await tellFailures(backend, run);
  const reason = run.reason === undefined ? '' : `: ${harmless(run.reason)}`;
  say(`${run.name}  ${run.state}  ${elapsed(run)}${run.state === 'Succeeded' ? '' : reason}\n`);
  return run.state === 'Succeeded' ? EXIT.ok : EXIT.failed;
}

async function tellFailures(backend: Backend, run: RunView): Promise<void> {
  for (const job of run.jobs) {
    if (job.phase !== 'Failed' && job.phase !== 'Error') continue;
    const exit = job.exitCode === undefined ? '' : `, exit code ${job.exitCode}`;
    const reason = job.reason === undefined ? '' : `: ${harmless(job.reason)}`;
    say(`\n${job.name} ${job.phase}${exit}${reason}\n`);
    if (job.attempts > 0) say(await lastLines(backend, run, job.name));
  }
}

async function lastLines(backend: Backend, run: RunView, job: string): Promise<string> {
  let text = '';
  try {
    for await (const chunk of backend.logs(run.id, job, { follow: false, tail: TAIL })) text += chunk;
  } catch (error) {
    if (error instanceof Failure) return `  (its log can't be read: ${error.message})\n`;
    throw error;
  }
  const lines = harmless(text).trimEnd().split('\n');
  return text.trim() === '' ? '  (it wrote nothing)\n' : lines.map(line => `  | ${line}\n`).join('');
}
