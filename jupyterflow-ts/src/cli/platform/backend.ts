import type { Run } from '@jupyterflow/schema';
import {
  filterRuns,
  newestFirst,
  pick,
  type Backend,
  type BackendLogOptions,
  type ListOptions,
  type RetryRequest,
  type RunView,
  type SubmitRequest
} from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import type { PlatformApi } from './api.js';

/** Runs of a platform. */
export class PlatformBackend implements Backend {
  readonly #api: PlatformApi;

  constructor(api: PlatformApi) {
    this.#api = api;
  }

  async submit({ source, workspace, params, name, select }: SubmitRequest): Promise<RunView> {
    return this.#api.write<Run>('/runs', {
      source: source.text,
      file: source.file,
      workspace,
      ...(name === undefined ? {} : { name }),
      ...(Object.keys(params).length === 0 ? {} : { params }),
      ...(select === undefined ? {} : { select })
    });
  }

  /** A platform decides when the run starts: what its user may reuse is not the caller's to know. */
  explain(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async get(id: string, signal?: AbortSignal): Promise<RunView> {
    return this.#api.json<Run>(pathOf(id), { signal });
  }

  async find(reference: string): Promise<RunView> {
    if (/^run_[a-z0-9]{8,}$/.test(reference)) return this.get(reference);
    return pick(await this.list(reference === '@latest' ? { limit: 1 } : {}), reference);
  }

  async list(options: ListOptions = {}): Promise<readonly RunView[]> {
    const { state, limit } = options;
    const query = { mine: 'true', ...(state === undefined ? {} : { state }) };
    const runs: RunView[] = [];
    for await (const page of this.#api.pages<Run>('/runs', query)) {
      runs.push(...page);
      if (limit !== undefined && runs.length >= limit) break;
    }
    return filterRuns(newestFirst(runs), options);
  }

  async *logs(id: string, job: string, options: BackendLogOptions): AsyncGenerator<string> {
    const { follow, tail, attempt, signal } = options;
    const query = new URLSearchParams({
      ...(follow ? { follow: 'true' } : {}),
      ...(tail === undefined ? {} : { tail: String(tail) }),
      ...(attempt === undefined ? {} : { attempt: String(attempt) })
    });
    const path = `${pathOf(id)}/jobs/${encodeURIComponent(job)}/log`;
    const { body } = await this.#api.request(`${path}${query.size === 0 ? '' : `?${query.toString()}`}`, { signal });
    if (body === null) return;
    const decoder = new TextDecoder();
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
      yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  }

  async stop(id: string): Promise<void> {
    await this.#api.request(`${pathOf(id)}/stop`, { method: 'POST', body: {} });
  }

  retry(id: string, { from }: RetryRequest): Promise<RunView> {
    return this.#api.write<Run>(`${pathOf(id)}/retry`, from.length === 0 ? {} : { from });
  }

  async resubmit(id: string, params: Readonly<Record<string, string>>): Promise<RunView> {
    if (Object.keys(params).length > 0) {
      const hint = 'Run the file again, with -p.';
      throw new Failure(EXIT.usage, 'a platform resubmits a run with the parameters that it had', {
        code: 'USAGE',
        hint
      });
    }
    return this.#api.write<Run>(`${pathOf(id)}/resubmit`, {});
  }

  async remove(id: string): Promise<void> {
    await this.#api.request(pathOf(id), { method: 'DELETE' });
  }
}

function pathOf(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}
