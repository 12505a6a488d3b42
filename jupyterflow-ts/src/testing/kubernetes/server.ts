import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mergePatch, ObjectStore, type StoredObject } from './store.js';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a test says instead of the server: a status and a body, or that the connection breaks. */
export type Answer = readonly [status: number, body: unknown] | 'hang up';

/** The text of a pod's log; ends when it is complete. */
export type PodLog = (pod: string, query: URLSearchParams, signal: AbortSignal) => AsyncIterable<string> | undefined;

const WORKFLOW_VERBS = ['create', 'get', 'list', 'watch', 'patch', 'update', 'delete'];

/**
 * A server at the edge that speaks as much of the Kubernetes API as the Argo engine uses: it stores objects, streams their
 * changes, reviews access, and says errors in the words of the real one.
 */
export class FakeKubernetes {
  readonly store = new ObjectStore();
  readonly seen: SeenRequest[] = [];
  /** What is not allowed: `create workflows` to the caller, `jobs: create workflowtaskresults` to the pods. */
  readonly denied = new Set<string>();
  /** Asked before the server answers itself. */
  intercept: (request: SeenRequest) => Answer | undefined = () => undefined;
  podLog: PodLog = () => undefined;
  /** The definition of CronWorkflows, when it may be read. */
  definition: Answer | undefined;
  /** Whether Argo's kinds are known. */
  installed = true;
  url = '';
  readonly #server: Server;
  readonly #watches = new Set<ServerResponse>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<FakeKubernetes> {
    const cluster = new FakeKubernetes();
    await new Promise<void>(resolve => cluster.#server.listen(0, '127.0.0.1', resolve));
    cluster.url = `http://127.0.0.1:${(cluster.#server.address() as AddressInfo).port}`;
    return cluster;
  }

  /** Settings for a client of this cluster, as YAML. */
  kubeconfig(namespace = 'science'): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'fake',
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'ann', namespace } }],
      // The client refuses plain HTTP unless it is told that nothing is to be checked.
      clusters: [{ name: 'fake', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'ann', user: { token: 'secret-token' } }]
    });
  }

  /** Breaks all watches that are open, as a server that is started again does. */
  breakWatches(): void {
    for (const response of this.#watches) response.destroy();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers: request.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown)
    };
    this.seen.push(seen);
    const answer = this.intercept(seen) ?? this.#answer(seen, response);
    if (answer === undefined) return;
    if (answer === 'hang up') request.socket.destroy();
    else reply(response, answer[0], answer[1]);
  }

  #answer(seen: SeenRequest, response: ServerResponse): Answer | undefined {
    const { path } = seen;
    const common = this.#answerCommon(seen);
    if (common !== undefined) return common;
    const match =
      /^(\/api(?:s\/argoproj\.io)?\/v1(?:alpha1)?\/namespaces\/([^/]+)\/([^/]+))(?:\/([^/]+))?(\/log)?$/.exec(path);
    if (match === null) return notFound(path);
    const [, collection = '', namespace = '', kind = '', name, log] = match;
    if (!this.installed && path.startsWith('/apis')) return [404, '404 page not found\n'];
    const verb = verbOf(seen, name);
    const resource = log === undefined ? kind : `${kind}/log`;
    if (this.denied.has(`${verb} ${resource}`)) return forbidden(verb, resource, namespace, name);
    if (log !== undefined) return this.#log(seen, name ?? '', response);
    return this.#operate(verb, { collection, namespace, kind, name }, seen, response);
  }

  /** What is of no namespace. */
  #answerCommon(seen: SeenRequest): Answer | undefined {
    const { path } = seen;
    if (path === '/version') return [200, { major: '1', minor: '34', gitVersion: 'v1.34.4' }];
    if (path.endsWith('/selfsubjectaccessreviews')) return this.#review(seen, '');
    if (path.endsWith('/subjectaccessreviews')) {
      if (this.denied.has('create subjectaccessreviews')) return forbidden('create', 'subjectaccessreviews', 'science');
      return this.#review(seen, 'jobs: ');
    }
    if (path.includes('/customresourcedefinitions/')) return this.definition ?? notFound(path);
    if (path === '/apis/argoproj.io/v1alpha1') return this.#discover();
    return undefined;
  }

  #operate(verb: string, place: Place, seen: SeenRequest, response: ServerResponse): Answer | undefined {
    const { collection, name = '' } = place;
    const object = this.store.get(collection, name);
    switch (verb) {
      case 'list':
        return this.#list(collection, seen.query);
      case 'watch':
        this.#watch(collection, seen.query, response);
        return undefined;
      case 'create':
        return this.#create(place, seen.body as StoredObject);
      default:
        break;
    }
    if (verb === 'patch' && seen.headers['content-type'] === 'application/apply-patch+yaml')
      return this.#apply(place, seen);
    if (object === undefined) return missing(place);
    if (verb === 'get') return [200, object];
    if (verb === 'delete') return [200, this.store.delete(collection, name)];
    const body = seen.body as StoredObject;
    const changed = verb === 'patch' ? (mergePatch(object, body) as StoredObject) : body;
    const { resourceVersion } = (body as Partial<StoredObject>).metadata ?? {};
    if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
      return conflict(
        place,
        'the object has been modified; please apply your changes to the latest version and try again'
      );
    return [200, this.store.replace(collection, changed)];
  }

  #create(place: Place, body: StoredObject): Answer {
    const metadata = { namespace: place.namespace, ...body.metadata };
    const created = this.store.create(place.collection, { ...body, metadata });
    if (created !== undefined) return [201, created];
    const { name } = body.metadata;
    return failure(409, 'AlreadyExists', `${place.kind}.argoproj.io "${name}" already exists`, {
      name,
      kind: place.kind
    });
  }

  /** Server-side apply as far as one owner of whole specs needs it: another manager's spec is a conflict unless forced. */
  #apply(place: Place, { body, query }: SeenRequest): Answer {
    const { collection, name = '' } = place;
    const manager = query.get('fieldManager') ?? '';
    const object = this.store.get(collection, name);
    const managedFields = [{ manager, operation: 'Apply' }];
    const given = body as StoredObject;
    if (object === undefined) {
      const metadata = { namespace: place.namespace, ...given.metadata, managedFields };
      return [201, this.store.create(collection, { ...given, metadata })];
    }
    const [owner] = (object.metadata['managedFields'] ?? []) as readonly { readonly manager: string }[];
    if (owner !== undefined && owner.manager !== manager && query.get('force') !== 'true') {
      const cause = {
        reason: 'FieldManagerConflict',
        message: `conflict with "${owner.manager}"`,
        field: '.spec.schedules'
      };
      return failure(409, 'Conflict', `Apply failed with 1 conflict: ${cause.message}: ${cause.field}`, {
        causes: [cause]
      });
    }
    const metadata = { ...object.metadata, ...given.metadata, managedFields };
    return [200, this.store.replace(collection, { ...object, ...given, metadata })];
  }

  #list(collection: string, query: URLSearchParams): Answer {
    const all = this.store.list(collection).filter(selects(query));
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? Infinity);
    const next = from + limit < all.length ? String(from + limit) : '';
    return [
      200,
      { metadata: { resourceVersion: this.store.version, continue: next }, items: all.slice(from, from + limit) }
    ];
  }

  #watch(collection: string, query: URLSearchParams, response: ServerResponse): void {
    const since = Number(query.get('resourceVersion') ?? this.store.version);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const write = (event: object): boolean => response.write(`${JSON.stringify(event)}\n`);
    if (since < this.store.oldest) {
      write({ type: 'ERROR', object: status(410, 'Expired', `too old resource version: ${since}`) });
      response.end();
      return;
    }
    this.#watches.add(response);
    const close = this.store.watch(since, event => {
      if (event.collection === collection && selects(query)(event.object))
        write({ type: event.type, object: event.object });
    });
    response.once('close', () => {
      this.#watches.delete(response);
      close();
    });
  }

  #log({ query }: SeenRequest, pod: string, response: ServerResponse): Answer | undefined {
    const abort = new AbortController();
    const log = this.podLog(pod, query, abort.signal);
    if (log === undefined) return failure(404, 'NotFound', `pods "${pod}" not found`, { name: pod, kind: 'pods' });
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    response.once('close', () => abort.abort());
    void (async () => {
      for await (const part of log) response.write(part);
      response.end();
    })();
    return undefined;
  }

  #review({ body }: SeenRequest, who: string): Answer {
    const { resourceAttributes } = (
      body as { readonly spec: { readonly resourceAttributes: Readonly<Record<string, string>> } }
    ).spec;
    const { verb = '', resource = '', subresource } = resourceAttributes;
    const full = subresource === undefined ? resource : `${resource}/${subresource}`;
    return [201, { spec: { resourceAttributes }, status: { allowed: !this.denied.has(`${who}${verb} ${full}`) } }];
  }

  #discover(): Answer {
    if (!this.installed) return [404, '404 page not found\n'];
    const kinds = ['workflows', 'cronworkflows', 'workflowtemplates', 'workflowtaskresults'];
    return [
      200,
      { kind: 'APIResourceList', resources: kinds.map(name => ({ name, namespaced: true, verbs: WORKFLOW_VERBS })) }
    ];
  }
}

interface Place {
  readonly collection: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string | undefined;
}

function verbOf({ method, query }: SeenRequest, name: string | undefined): string {
  if (method === 'GET') return name !== undefined ? 'get' : query.get('watch') === 'true' ? 'watch' : 'list';
  return (
    ({ POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as Readonly<Record<string, string>>)[method] ??
    method
  );
}

function selects(query: URLSearchParams): (object: StoredObject) => boolean {
  const labels = (query.get('labelSelector') ?? '').split(',').filter(Boolean);
  const name = /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  return ({ metadata }) =>
    (name === undefined || metadata.name === name) &&
    labels.every(label => {
      const [key = '', value] = label.split('=');
      const found = metadata.labels?.[key];
      return value === undefined ? found !== undefined : found === value;
    });
}

function reply(response: ServerResponse, code: number, body: unknown): void {
  const isText = typeof body === 'string';
  response.writeHead(code, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
}

function status(code: number, reason: string, message: string, details: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, details, code };
}

/** A refusal as the API server writes it. */
export function failure(code: number, reason: string, message: string, details: object = {}): Answer {
  return [code, status(code, reason, message, details)];
}

function notFound(path: string): Answer {
  return failure(404, 'NotFound', `the server could not find the requested resource: ${path}`);
}

function missing({ kind, name = '' }: Place): Answer {
  const full = kind === 'pods' ? kind : `${kind}.argoproj.io`;
  return failure(404, 'NotFound', `${full} "${name}" not found`, { name, kind });
}

function conflict({ kind, name = '' }: Place, message: string): Answer {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${kind}.argoproj.io "${name}": ${message}`, {
    name,
    kind
  });
}

function forbidden(verb: string, resource: string, namespace: string, name = ''): Answer {
  const group = resource.startsWith('pods') ? '' : 'argoproj.io';
  const full = group === '' ? resource : `${resource}.${group}`;
  const what = `${full}${name === '' ? '' : ` "${name}"`} is forbidden`;
  const message = `${what}: User "system:serviceaccount:science:default" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${namespace}"`;
  return failure(403, 'Forbidden', message, { name, kind: resource });
}
