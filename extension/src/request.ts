import type { Problem } from '@jupyterflow/schema';
import type { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { PlatformError, type Failure } from './problems';

/** How long an answer may take, in milliseconds. */
export const TIMEOUT = 15_000;

/** What of JupyterLab's server settings a request needs. */
export type Settings = Pick<ServerConnection.ISettings, 'token' | 'fetch'>;

/** Values of a query; what is undefined or '' is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Init {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Requests to the platform. The only place that does HTTP. */
export class Http {
  /** @param url Gives the base address with a slash at the end; asked for each request, since a setting may change it. */
  constructor(
    readonly url: () => string,
    private readonly settings: Settings,
    private readonly timeout = TIMEOUT
  ) {}

  /** @throws {@link PlatformError} */
  async get<T>(path: string, query: Query = {}, headers: Record<string, string> = {}): Promise<T> {
    return this.#json<T>(await this.#send(path, query, { method: 'GET', headers }));
  }

  /**
   * Writes, and once more with the same key when no answer came: the platform does the same work only once.
   *
   * @throws {@link PlatformError}
   */
  async post<T>(path: string, body: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': UUID.uuid4() };
    const init: Init = { method: 'POST', headers, body: JSON.stringify(body) };
    const send = (): Promise<Response> => this.#send(path, {}, init);
    const response = await send().catch((error: unknown) => {
      if (error instanceof PlatformError && error.failure.kind === 'unreachable') {
        return send();
      }
      throw error;
    });
    return this.#json<T>(response);
  }

  /**
   * A text as it comes. The time limit is for its begin only.
   *
   * @throws {@link PlatformError}
   */
  async *text(path: string, query: Query, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    const { body } = await this.#send(path, query, { method: 'GET', headers: { Accept: 'text/plain' } }, signal);
    if (!body) {
      return;
    }
    const reader = body.getReader();
    const decoder = new TextDecoder();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        yield decoder.decode(part.value, { stream: true });
      }
      yield decoder.decode();
    } catch (error) {
      throw signal.aborted ? error : this.#error({ kind: 'unreachable', reason: reasonOf(error) });
    } finally {
      void reader.cancel().catch(() => undefined);
    }
  }

  async #send(path: string, query: Query, init: Init, signal?: AbortSignal): Promise<Response> {
    const url = new URL(`api/v1/${path}`, this.url());
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') {
        url.searchParams.set(name, String(value));
      }
    }
    const headers = { Accept: 'application/json', ...init.headers, ...this.#authorization() };
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
      abort.abort();
    }, this.timeout);
    try {
      const options: RequestInit = { ...init, headers, credentials: 'omit', cache: 'no-store', signal: abort.signal };
      const { fetch } = this.settings;
      const response = await fetch(url.href, options);
      return response.ok ? response : await this.#refused(response);
    } catch (error) {
      if (error instanceof PlatformError || signal?.aborted) {
        throw error;
      }
      throw this.#error(
        late.signal.aborted
          ? { kind: 'timeout', seconds: this.timeout / 1000 }
          : { kind: 'unreachable', reason: reasonOf(error) }
      );
    } finally {
      clearTimeout(timer);
    }
  }

  #authorization(): Record<string, string> {
    return this.settings.token ? { Authorization: `token ${this.settings.token}` } : {};
  }

  async #refused(response: Response): Promise<never> {
    const body: unknown = await response.json().catch(() => undefined);
    throw this.#error(
      isProblem(body)
        ? { kind: 'problem', status: response.status, problem: body }
        : { kind: 'answer', status: response.status }
    );
  }

  /** A page where JSON should be is an answer of something else, e.g. a login page. */
  async #json<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch {
      throw this.#error({ kind: 'answer', status: response.status });
    }
  }

  #error(failure: Failure): PlatformError {
    return new PlatformError(this.url(), failure);
  }
}

function isProblem(body: unknown): body is Problem {
  const fields = body as Partial<Problem> | null | undefined;
  return typeof fields?.code === 'string' && typeof fields.detail === 'string';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
