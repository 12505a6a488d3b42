import { spawn } from 'node:child_process';
import { EXIT, Failure } from '../failure.js';
import type { Answer, Order } from './supervise.js';

/** Starts a process of its own that carries the run out and outlives this command; resolves when the run is accepted. */
export async function startSupervisor(order: Order): Promise<void> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, 'supervise'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: process.env
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(order));
  const answer = await readAnswer(child.stdout);
  child.stdout.destroy();
  child.unref();
  if (answer.accepted) return;
  const hint =
    answer.code === 'SANDBOX_MISSING'
      ? 'Install bubblewrap, or use --no-sandbox for workflows without leased data.'
      : undefined;
  throw new Failure(EXIT.failed, answer.message, { code: answer.code, ...(hint === undefined ? {} : { hint }) });
}

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
