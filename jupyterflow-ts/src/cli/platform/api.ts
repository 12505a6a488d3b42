import { randomUUID } from 'node:crypto';
import { EXIT, Failure } from '../failure.js';
import { failureOf } from './problem.js';

/** Longest wait for the first byte of an answer. */
const TIMEOUT_MS = 30_000;
const PAGE = 100;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Idempotency-Key of a write; a new one when absent. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The HTTP API of a platform. What can't be done rejects with a `Failure`. */
export class PlatformApi {
  readonly #platform: URL;
  readonly #token: string | undefined;

  constructor(platform: URL, token: string | undefined) {
    this.#platform = platform;
    this.#token = token;
  }

  /** Without a password that it may carry. */
  get url(): string {
    return `${this.#platform.origin}${this.#platform.pathname}`;
  }

  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.request(path, options);
    try {
      return (await response.json()) as T;
    } catch (cause) {
      const message = `the answer of ${response.url} is not JSON: is this the URL of a platform?`;
      throw new Failure(EXIT.unreachable, message, { code: 'PLATFORM', cause });
    }
  }

  /** A write whose connection broke is sent once more under the same key, so that it is done once. */
  async write<T>(path: string, body: unknown): Promise<T> {
    const request = { method: 'POST', body, key: randomUUID() } as const;
    try {
      return await this.json<T>(path, request);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'UNREACHABLE') throw error;
      return this.json<T>(path, request);
    }
  }

  /** The items of a list, page by page. */
  async *pages<T>(path: string, query: Readonly<Record<string, string>>, size = PAGE): AsyncGenerator<readonly T[]> {
    let cursor: string | null = '';
    while (cursor !== null) {
      const search = new URLSearchParams({ ...query, limit: String(size), ...(cursor === '' ? {} : { cursor }) });
      const page: Page<T> = await this.json<Page<T>>(`${path}?${search.toString()}`);
      yield page.items;
      cursor = page.nextCursor;
    }
  }

  async request(path: string, { method = 'GET', body, key = randomUUID(), signal }: RequestOptions): Promise<Response> {
    const url = `${this.#platform.href.replace(/\/$/, '')}/api/v1${path}`;
    const headers: Record<string, string> = {
      accept: 'application/json, text/plain',
      ...(this.#token === undefined ? {} : { authorization: `token ${this.#token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'idempotency-key': key })
    };
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method,
        headers,
        // A redirect leads to a login page, or the token to somebody else.
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal])
      });
      if (response.ok) return response;
      throw await failureOf(response);
    } catch (cause) {
      if (cause instanceof Failure || signal?.aborted === true) throw cause;
      throw unreachable(this.url, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

function unreachable(url: string, error: unknown): Failure {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  const why =
    reason instanceof Error
      ? reason.message || ((reason as NodeJS.ErrnoException).code ?? reason.name)
      : String(reason);
  const hint = 'Is it running? Its URL comes from --platform, JUPYTERFLOW_PLATFORM or ~/.jupyterflow.yaml.';
  return new Failure(EXIT.unreachable, `the platform at ${url} can't be reached: ${why}`, {
    code: 'UNREACHABLE',
    hint,
    cause: error
  });
}
