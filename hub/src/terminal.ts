import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { Session } from './session.js';

export interface CommandResult {
  readonly output: string;
  readonly exitCode: number;
}

/**
 * Types a command in a terminal of the person's JupyterLab and waits until it ends.
 * @param line one line of shell
 * @throws Error when the terminal closes before the command ended
 */
export async function inTerminal(session: Session, line: string): Promise<CommandResult> {
  const { name } = await session.notebook<{ name: string }>('POST', '/terminals');
  const { url, headers } = session.socket(`/terminals/websocket/${name}`);
  const socket = new WebSocket(url, { headers });
  // Both marks are put together by the shell, so that neither stands in the echo of what is typed.
  const mark = randomUUID();
  const typed = `stty -echo cols 200; printf '%s-begin\\n' ${mark}; ${line}; printf '%s-end-%s.\\n' ${mark} $?; exit\r`;
  try {
    const text = await conversation(socket, typed, new RegExp(`${mark}-end-\\d+\\.`));
    const [, output = '', code = ''] = new RegExp(`${mark}-begin\\r?\\n([^]*?)${mark}-end-(\\d+)\\.`).exec(text) ?? [];
    return { output: output.replaceAll('\r\n', '\n'), exitCode: Number(code) };
  } finally {
    socket.close();
    await session.notebook('DELETE', `/terminals/${name}`).catch(() => undefined);
  }
}

/** Sends a text once the terminal is set up and collects what it prints until a pattern stands in it. */
function conversation(socket: WebSocket, typed: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('message', data => {
      const [kind, payload] = JSON.parse((data as Buffer).toString('utf8')) as [string, unknown];
      if (kind === 'setup') socket.send(JSON.stringify(['stdin', typed]));
      if (kind === 'stdout') text += String(payload);
      if (until.test(text)) resolve(text);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the terminal closed before the command ended; it printed:\n${text}`)));
  });
}
