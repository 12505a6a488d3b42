import { randomUUID } from 'node:crypto';
import type { Run, RunPage } from '@jupyterflow/schema';
import {
  newestFirst,
  pick,
  type Backend,
  type BackendLogOptions,
  type RunView,
  type SubmitRequest
} from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import { failureOf } from './problem.js';

/** Longest wait for the first byte of an answer. */
const TIMEOUT_MS = 30_000;
const PAGE = 100;

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Idempotency-Key of a write; a new one when absent. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs of a platform, over its HTTP API. */
export class PlatformBackend implements Backend {
  readonly #platform: URL;
  readonly #token: string | undefined;

  constructor(platform: URL, token: string | undefined) {
    this.#platform = platform;
    this.#token = token;
  }

  async submit({ source, workspace, params, name }: SubmitRequest): Promise<RunView> {
    const body = {
      source: source.text,
      file: source.file,
      workspace,
      ...(name === undefined ? {} : { name }),
      ...(Object.keys(params).length === 0 ? {} : { params })
    };
    const request = { method: 'POST', body, key: randomUUID() } as const;
    try {
      return await this.#json<Run>('/runs', request);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'UNREACHABLE') throw error;
      // The connection may have broken after the run was started; the same key starts no second one.
      return this.#json<Run>('/runs', request);
    }
  }

  async get(id: string): Promise<RunView> {
    return this.#json<Run>(`/runs/${encodeURIComponent(id)}`);
  }

  async find(reference: string): Promise<RunView> {
    if (/^run_[a-z0-9]+$/.test(reference)) return this.get(reference);
    const run = pick(await this.list(), reference);
    if (run !== undefined) return run;
    const message = reference === '@latest' ? 'there is no run yet' : `there is no run ${reference}`;
    throw new Failure(EXIT.usage, message, { code: 'UNKNOWN_RUN', hint: 'See `jupyterflow list`.' });
  }

  async list(): Promise<readonly RunView[]> {
    const runs: RunView[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = new URLSearchParams({ mine: 'true', limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
      const page: RunPage = await this.#json<RunPage>(`/runs?${query.toString()}`);
      runs.push(...page.items);
      cursor = page.nextCursor;
    }
    return newestFirst(runs);
  }

  async *logs(id: string, job: string, { follow, tail, signal }: BackendLogOptions): AsyncGenerator<string> {
    const query = new URLSearchParams({
      ...(follow ? { follow: 'true' } : {}),
      ...(tail === undefined ? {} : { tail: String(tail) })
    });
    const path = `/runs/${encodeURIComponent(id)}/jobs/${encodeURIComponent(job)}/log`;
    const { body } = await this.#request(`${path}${query.size === 0 ? '' : `?${query.toString()}`}`, { signal });
    if (body === null) return;
    const decoder = new TextDecoder();
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
      yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  }

  async stop(id: string): Promise<void> {
    await this.#request(`/runs/${encodeURIComponent(id)}/stop`, { method: 'POST', body: {} });
  }

  async remove(id: string): Promise<void> {
    await this.#request(`/runs/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  async #json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.#request(path, options);
    try {
      return (await response.json()) as T;
    } catch (cause) {
      const message = `the answer of ${response.url} is not JSON: is this the URL of a platform?`;
      throw new Failure(EXIT.unreachable, message, { code: 'PLATFORM', cause });
    }
  }

  async #request(
    path: string,
    { method = 'GET', body, key = randomUUID(), signal }: RequestOptions
  ): Promise<Response> {
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
      throw unreachable(this.#platform, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

function unreachable(platform: URL, error: unknown): Failure {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  const why =
    reason instanceof Error
      ? reason.message || ((reason as NodeJS.ErrnoException).code ?? reason.name)
      : String(reason);
  // A URL may carry a password.
  const shown = `${platform.origin}${platform.pathname}`;
  const hint = 'Is it running? Its URL comes from --platform, JUPYTERFLOW_PLATFORM or ~/.jupyterflow.yaml.';
  return new Failure(EXIT.unreachable, `the platform at ${shown} can't be reached: ${why}`, {
    code: 'UNREACHABLE',
    hint,
    cause: error
  });
}
