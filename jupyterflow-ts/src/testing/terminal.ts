import { spawn, spawnSync } from 'node:child_process';
import type { CommandRig } from './command.js';

/** Runs a program in a pseudo-terminal; sends Ctrl-C once a text was seen. */
const PTY = `
import os, pty, sys, struct, fcntl, termios
rows, columns, trigger = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode()
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])
seen = b''
while True:
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
    seen += chunk
    if trigger and trigger in seen:
        os.write(fd, b'\\x03')
        trigger = b''
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

export interface TerminalOptions {
  readonly rows: number;
  readonly columns: number;
  /** Ctrl-C is pressed when this was shown. */
  readonly interruptAt?: string;
}

/** Why there is no pseudo-terminal here; undefined when there is. */
export function noTerminal(): string | undefined {
  return spawnSync('python3', ['-c', 'import pty']).status === 0 ? undefined : 'python3 with its module pty is missing';
}

/** The command in a terminal: all that it wrote, and its exit code. */
export async function runInTerminal(
  rig: CommandRig,
  { rows, columns, interruptAt = '' }: TerminalOptions,
  ...args: readonly string[]
): Promise<{ readonly exit: number | null; readonly written: string }> {
  const child = spawn(
    'python3',
    ['-c', PTY, String(rows), String(columns), interruptAt, process.execPath, rig.main, ...args],
    { cwd: rig.folder, env: { ...rig.env, TERM: 'xterm', LANG: 'C.UTF-8' } }
  );
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exit, written };
}

/** What a terminal shows at the end of a text, for the few escape sequences of ECMA-48 that are used here. */
export function screenOf(written: string): string {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  for (const [token, count, letter] of written.matchAll(/\u001b\[\??([0-9;]*)([A-Za-z])|[^]/g)) {
    if (letter === 'A') row = Math.max(0, row - Number(count));
    else if (letter === 'K') lines[row] = (lines[row] ?? '').slice(0, column);
    else if (letter === 'J') {
      lines[row] = (lines[row] ?? '').slice(0, column);
      lines.length = row + 1;
    } else if (letter !== undefined) continue;
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row += 1;
      lines[row] ??= '';
    } else {
      const line = lines[row] ?? '';
      lines[row] = `${line.slice(0, column).padEnd(column)}${token}${line.slice(column + 1)}`;
      column += 1;
    }
  }
  return lines.map(line => line.trimEnd()).join('\n');
}
