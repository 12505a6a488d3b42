import { spawn } from 'node:child_process';
import type { EnginePlace } from '../../engines/engine.js';
import type { Plan } from '../../plan/plan.js';
import type { SubmitRequest } from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import { refusalAt } from '../refusal.js';
import { placeOfMissing } from './missing-secret.js';
import { secretsFolder } from './secrets.js';
import type { Answer, Task } from './supervise.js';

/** Starts a process of its own that carries the run out and outlives this command; resolves when the run is accepted. */
export async function startSupervisor(task: Task, request?: SubmitRequest): Promise<void> {
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
  throw await failureOf(answer, task.order.plan, request);
}

interface EngineRefusal {
  readonly code: string;
  readonly message: string;
  readonly place?: EnginePlace | undefined;
}

/** A refusal of the engine, with how to mend it; of a new run with the place of its file. */
export async function failureOf(
  { code, message, place }: EngineRefusal,
  plan: Plan,
  request?: SubmitRequest
): Promise<Failure> {
  const hint = HINTS[code]?.();
  const exit = place === undefined ? (EXITS[code] ?? EXIT.failed) : EXIT.invalidFile;
  const refusal = { exit, code, message, ...(hint === undefined ? {} : { hint }) };
  const cause = place ?? (code === 'SECRET_MISSING' ? await placeOfMissing(plan) : undefined);
  if (request !== undefined && cause !== undefined) return refusalAt(refusal, cause, request);
  return new Failure(refusal.exit, message, refusal);
}

const EXITS: Readonly<Record<string, number>> = {
  SECRET_MISSING: EXIT.refused,
  UNKNOWN_JOB: EXIT.usage
};

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
