import { randomUUID } from 'node:crypto';
import type { Problem } from '@jupyterflow/schema';

/** A request that was refused; the message has what the server said. */
export class RequestFailed extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly status: number,
    readonly code: string | undefined,
    detail: string
  ) {
    super(`${method} ${path}: ${status}${code ? ` ${code}` : ''} ${detail}`);
    this.name = 'RequestFailed';
  }
}

/** One person, logged in at the Hub with their password; uses the same interfaces as their browser. */
export class Session {
  readonly #url: string;
  readonly #token: string;

  private constructor(
    url: string,
    readonly user: string,
    token: string
  ) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * Logs in.
   * @param url the Hub's, without a slash at the end
   * @throws {@link RequestFailed} when the password is wrong
   */
  static async open(url: string, user: string, password: string): Promise<Session> {
    const body = { auth: { username: user, password }, note: 'npm start', expires_in: 3600 };
    const answer = await request(url, 'POST', `/hub/api/users/${user}/tokens`, {}, body);
    return new Session(url, user, ((await answer.json()) as { token: string }).token);
  }

  /** Calls the platform's API; `path` begins with a slash. */
  async platform<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#ask(method, `/services/platform/api/v1${path}`, body);
    return (await answer.json()) as T;
  }

  /** Starts the person's notebook server if it does not run, and waits until it does. */
  async startServer(): Promise<void> {
    const path = `/hub/api/users/${this.user}`;
    await this.#ask('POST', `${path}/server`).catch((error: unknown) => {
      // 400: it runs already.
      if (!(error instanceof RequestFailed && error.status === 400)) throw error;
    });
    const progress = await this.#ask('GET', `${path}/server/progress`);
    const events = await progress.text();
    if (!events.includes('"ready": true'))
      throw new Error(`the notebook server of ${this.user} did not start: ${events}`);
  }

  /** Calls the person's notebook server; `path` begins with a slash. */
  async notebook<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#ask(method, `/user/${this.user}/api${path}`, body);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** Address and headers of a websocket of the person's notebook server. */
  socket(path: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
    return { url: `${this.#url.replace(/^http/, 'ws')}/user/${this.user}${path}`, headers: this.#headers() };
  }

  #headers(): Record<string, string> {
    return { authorization: `token ${this.#token}` };
  }

  #ask(method: string, path: string, body?: unknown): Promise<Response> {
    return request(this.#url, method, path, this.#headers(), body);
  }
}

async function request(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown
): Promise<Response> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() })
    },
    body: body === undefined ? null : JSON.stringify(body)
  });
  if (answer.ok) return answer;
  const text = await answer.text();
  const problem = parseProblem(text);
  throw new RequestFailed(
    method,
    path,
    answer.status,
    problem.code,
    problem.detail ?? problem.message ?? text.slice(0, 500)
  );
}

function parseProblem(text: string): Partial<Problem> & { readonly message?: string } {
  try {
    return JSON.parse(text) as Partial<Problem> & { message?: string };
  } catch {
    return {};
  }
}
