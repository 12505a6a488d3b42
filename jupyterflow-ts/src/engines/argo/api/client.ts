import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { connectionProblem, KubernetesError, problemOf } from './problem.js';

export interface KubernetesRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's URL; its parts are encoded by {@link pathOf}. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Default application/json. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Speaks HTTP with one cluster as one user. What fails rejects with a {@link KubernetesError}. */
export interface KubernetesClient {
  /** URL of the API server. */
  readonly server: string;
  /** Where objects are when nothing else is said. */
  readonly namespace: string;
  json<T>(request: KubernetesRequest): Promise<T>;
  /** The body of an answer as it comes, cut anywhere between characters. */
  stream(request: KubernetesRequest): AsyncGenerator<string>;
}

/** What makes a request one of this user: credentials, certificates, proxy. Made anew for each, as tokens expire. */
export type Authenticate = () => Promise<RequestOptions>;

/** Longest wait for the first byte of an answer, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** A watch is quiet for at most {@link WATCH_SECONDS}; a connection that is longer is dead. */
const IDLE_MS = 330_000;
/** Further looks at what can't do harm twice. */
const RETRIES = 3;
/** Longest wait that a busy server may ask for, in seconds. */
const LONGEST_WAIT_S = 30;

/** Path of the API with its parts encoded. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map(part => `/${encodeURIComponent(part)}`).join('');
}

/** Path of Argo's objects of one kind in a namespace, or of one of them. */
export function argoPath(namespace: string, kind: 'workflows' | 'cronworkflows', name?: string): string {
  return pathOf(
    'apis',
    'argoproj.io',
    'v1alpha1',
    'namespaces',
    namespace,
    kind,
    ...(name === undefined ? [] : [name])
  );
}

export class HttpKubernetesClient implements KubernetesClient {
  readonly server: string;
  readonly namespace: string;
  readonly #authenticate: Authenticate;
  readonly #url: URL;

  constructor(server: string, namespace: string, authenticate: Authenticate) {
    this.#url = new URL(server);
    // A URL may carry a password.
    this.server = `${this.#url.origin}${this.#url.pathname}`.replace(/\/$/, '');
    this.namespace = namespace;
    this.#authenticate = authenticate;
  }

  async json<T>(request: KubernetesRequest): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const text = await textOf(await this.#open(request));
        return parseJson(this.server, text) as T;
      } catch (error) {
        const wait = waitBefore(request, error, attempt);
        if (wait === undefined) throw error;
        await pause(wait, undefined, request.signal === undefined ? {} : { signal: request.signal });
      }
    }
  }

  async *stream(request: KubernetesRequest): AsyncGenerator<string> {
    const response = await this.#open(request);
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response) yield decoder.decode(chunk as Uint8Array, { stream: true });
    } catch (error) {
      if (request.signal?.aborted !== true) throw connectionProblem(this.server, error);
    } finally {
      response.destroy();
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  }

  async #open({ method = 'GET', path, query, body, contentType, signal }: KubernetesRequest): Promise<IncomingMessage> {
    const options = await this.#authenticate().catch((error: unknown) => {
      throw new KubernetesError(
        'UNAUTHENTICATED',
        `the credentials for ${this.server} can't be had: ${reason(error)}`,
        {
          hint: 'Log in to the cluster again.',
          cause: error
        }
      );
    });
    const url = new URL(`${this.#url.pathname.replace(/\/$/, '')}${path}${queryOf(query)}`, this.#url);
    const headers: OutgoingHttpHeaders = {
      ...(options.headers as OutgoingHttpHeaders | undefined),
      accept: 'application/json',
      'user-agent': 'jupyterflow',
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' })
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(url, { ...options, method, headers, ...(signal === undefined ? {} : { signal }) });
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
      sent.once('response', resolve);
      sent.once('error', reject);
      sent.once('close', () => clearTimeout(timer));
      sent.once('response', () => clearTimeout(timer));
      sent.setTimeout(IDLE_MS, () => sent.destroy(new Error('the connection is dead')));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    }).catch((error: unknown) => {
      throw connectionProblem(this.server, error);
    });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw problemOf(statusCode, await textOf(response));
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(server: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `the answer of ${server} is not JSON: is this the URL of a cluster?`;
    throw new KubernetesError('REFUSED', message, { cause });
  }
}

/** When to ask again, in milliseconds; undefined: not at all. A busy server did nothing, so anything may be asked again. */
function waitBefore(
  { method = 'GET', signal }: KubernetesRequest,
  error: unknown,
  attempt: number
): number | undefined {
  if (!(error instanceof KubernetesError) || attempt > RETRIES || signal?.aborted === true) return undefined;
  if (error.retryAfter !== undefined) return Math.min(error.retryAfter, LONGEST_WAIT_S) * 1000;
  const isTransient = error.code === 'BUSY' || (error.code === 'UNREACHABLE' && isReset(error.cause));
  return method === 'GET' && isTransient ? 100 * 2 ** attempt : undefined;
}

/** A connection that was kept and then closed by the other side says nothing of the server. */
function isReset(cause: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function queryOf(query: KubernetesRequest['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]]
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
}
