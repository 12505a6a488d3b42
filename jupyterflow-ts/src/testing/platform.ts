import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a route answers: a status and a body, JSON unless it is a text; `hold` never answers. */
export type Reply = readonly [status: number, body?: unknown] | 'hang up' | 'hold';
export type Route = (seen: Seen) => Reply;

/** A server at the edge that speaks the platform's API as far as a test says. */
export class FakePlatform {
  readonly seen: Seen[] = [];
  readonly routes = new Map<string, Route>();
  /** The URL that a client is given. */
  url = '';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakePlatform> {
    const platform = new FakePlatform();
    await new Promise<void>(resolve => platform.#server.listen(0, '127.0.0.1', resolve));
    const { port } = platform.#server.address() as AddressInfo;
    platform.url = `http://127.0.0.1:${port}/services/platform`;
    return platform;
  }

  on(route: string, reply: Route): void {
    this.routes.set(route, reply);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    this.seen.push(seen);
    const path = new URL(url, this.url).pathname.replace('/services/platform/api/v1', '');
    const reply = this.routes.get(`${method} ${path}`)?.(seen) ?? [404, problem(404, 'NOT_FOUND', `no ${path}`)];
    if (reply === 'hold') return;
    if (reply === 'hang up') {
      request.socket.destroy();
      return;
    }
    const [status, body] = reply;
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' });
    response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
  }
}

export function problem(status: number, code: string, detail: string, more: object = {}): object {
  return { type: 'about:blank', title: code, status, code, detail, ...more };
}
