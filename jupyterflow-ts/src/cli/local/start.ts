import { spawn } from 'node:child_process';
import { EXIT, Failure } from '../failure.js';
import { secretsFolder } from './secrets.js';
import type { Answer, Task } from './supervise.js';

/** Starts a process of its own that carries the run out and outlives this command; resolves when the run is accepted. */
export async function startSupervisor(task: Task): Promise<void> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, 'supervise'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: process.env
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(task));
  const answer = await readAnswer(child.stdout);
  child.stdout.destroy();
  child.unref();
  if (answer.accepted) return;
  throw failureOf(answer.code, answer.message);
}

/** A refusal of the engine, with how to mend it. */
export function failureOf(code: string, message: string): Failure {
  const hint = HINTS[code]?.();
  const exit = code === 'SECRET_MISSING' ? EXIT.refused : code === 'UNKNOWN_JOB' ? EXIT.usage : EXIT.failed;
  return new Failure(exit, message, { code, ...(hint === undefined ? {} : { hint }) });
}

const HINTS: Readonly<Record<string, (() => string) | undefined>> = {
  SANDBOX_MISSING: () => 'Install bubblewrap, or use --no-sandbox for workflows without leased data.',
  SECRET_MISSING: () => `Each key of a secret is a file that only you can read: ${secretsFolder()}/NAME/KEY`,
  RUN_SUCCEEDED: () => 'Name the jobs that are to run again: --from JOB.'
};

async function readAnswer(stream: NodeJS.ReadableStream): Promise<Answer> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.endsWith('\n')) return JSON.parse(text) as Answer;
  }
  return {
    accepted: false,
    code: 'ENGINE_UNAVAILABLE',
    message: 'the process that should carry the run out ended early'
  };
}
