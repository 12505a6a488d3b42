import type {
  Dataset,
  DatasetDraft,
  DatasetPage,
  Lease,
  LeaseAction,
  LeasePage,
  LeaseRequest,
  Me,
  OrganizationPage,
  Run,
  RunPage
} from '@jupyterflow/schema';
import type { Http } from './request';

/** Transitions of a lease that a person can ask for. */
export type LeaseVerb = 'renew' | 'release' | 'revoke' | 'approve' | 'deny';

/** What the models need of the platform. Every function rejects with a PlatformError. */
export interface Platform {
  me(): Promise<Me>;
  organizations(): Promise<OrganizationPage>;
  datasets(query: { q?: string; cursor?: string; limit?: number }): Promise<DatasetPage>;
  dataset(id: string): Promise<Dataset>;
  publish(draft: DatasetDraft): Promise<Dataset>;
  requestLease(dataset: string, request: LeaseRequest): Promise<Lease>;
  leases(query: { mine?: boolean; cursor?: string; limit?: number }): Promise<LeasePage>;
  changeLease(id: string, verb: LeaseVerb, action: LeaseAction): Promise<Lease>;
  runs(query: { cursor?: string; limit?: number }): Promise<RunPage>;
  run(id: string): Promise<Run>;
  stopRun(id: string): Promise<Run>;
  /** What a job wrote; with `follow` until it has finished. */
  log(run: string, job: string, options: { follow: boolean; tail: number }, signal: AbortSignal): AsyncIterable<string>;
}

/** The platform over HTTP. */
export class PlatformClient implements Platform {
  constructor(private readonly http: Http) {}

  me = (): Promise<Me> => this.http.get('me');
  organizations = (): Promise<OrganizationPage> => this.http.get('organizations');
  datasets = (query: { q?: string; cursor?: string; limit?: number }): Promise<DatasetPage> =>
    this.http.get('datasets', query);
  dataset = (id: string): Promise<Dataset> => this.http.get(`datasets/${encodeURIComponent(id)}`);
  publish = (draft: DatasetDraft): Promise<Dataset> => this.http.post('datasets', draft);
  requestLease = (dataset: string, request: LeaseRequest): Promise<Lease> =>
    this.http.post(`datasets/${encodeURIComponent(dataset)}/leases`, request);
  leases = (query: { mine?: boolean; cursor?: string; limit?: number }): Promise<LeasePage> =>
    this.http.get('leases', query);
  changeLease = (id: string, verb: LeaseVerb, action: LeaseAction): Promise<Lease> =>
    this.http.post(`leases/${encodeURIComponent(id)}/${verb}`, action);
  runs = (query: { cursor?: string; limit?: number }): Promise<RunPage> => this.http.get('runs', query);
  run = (id: string): Promise<Run> => this.http.get(`runs/${encodeURIComponent(id)}`);
  stopRun = (id: string): Promise<Run> => this.http.post(`runs/${encodeURIComponent(id)}/stop`, {});
  log = (
    run: string,
    job: string,
    options: { follow: boolean; tail: number },
    signal: AbortSignal
  ): AsyncIterable<string> =>
    this.http.text(`runs/${encodeURIComponent(run)}/jobs/${encodeURIComponent(job)}/log`, options, signal);
}
