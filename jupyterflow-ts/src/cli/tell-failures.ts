import type { Backend, RunView } from './backend.js';
import { exitCodeWords } from './exit-code-words.js';
import { Failure } from './failure.js';
import { harmless, say } from './terminal.js';

/** Last lines of a failed job's log that are shown. */
const TAIL = 20;
/** Failed jobs that are told one by one. */
const MOST = 10;

/** Of each job that failed: how, why, and what it wrote last. */
export async function tellFailures(
  backend: Backend,
  run: RunView,
  { withLogs }: { readonly withLogs: boolean }
): Promise<void> {
  const failed = run.jobs.filter(({ phase }) => phase === 'Failed' || phase === 'Error');
  for (const job of failed.slice(0, MOST)) {
    const exit = job.exitCode === undefined ? '' : `, exit code ${job.exitCode}${exitCodeWords(job.exitCode)}`;
    // An engine's reason for an exit code is that code again.
    const told = job.reason === undefined || job.reason.startsWith(`exited with code ${job.exitCode ?? ''}`);
    const reason = told ? '' : `: ${harmless(job.reason ?? '')}`;
    const attempts = job.attempts > 1 ? `, ${job.attempts} attempts` : '';
    say(`\n${job.name} ${job.phase}${exit}${attempts}${reason}\n`);
    if (withLogs && job.attempts > 0) say(await lastLines(backend, run, job.name));
  }
  if (failed.length > MOST) say(`\nand ${failed.length - MOST} more: jupyterflow get ${run.name}\n`);
}

async function lastLines(backend: Backend, run: RunView, job: string): Promise<string> {
  let text = '';
  try {
    for await (const chunk of backend.logs(run.id, job, { follow: false, tail: TAIL })) text += chunk;
  } catch (error) {
    if (error instanceof Failure) return `  (its log can't be read: ${harmless(error.message)})\n`;
    throw error;
  }
  const lines = harmless(text).trimEnd().split('\n');
  return text.trim() === '' ? '  (it wrote nothing)\n' : lines.map(line => `  | ${line}\n`).join('');
}
