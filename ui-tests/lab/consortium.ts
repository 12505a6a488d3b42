import type {
  Dataset,
  DatasetDraft,
  DatasetPage,
  Lease,
  LeaseAction,
  LeasePage,
  LeaseRequest,
  Run,
  RunPage
} from '@jupyterflow/schema';
import type { BrowserContext, Route } from '@playwright/test';

const PLATFORM = process.env['JUPYTERFLOW_LAB_PLATFORM'] ?? '';

/** What a test says of a dataset; the rest is as of any. */
export type Draft = Partial<DatasetDraft>;

/** Somebody who uses the platform beside the browser. */
export class Person {
  constructor(
    readonly name: string,
    readonly group: string
  ) {}

  get token(): string {
    return `${this.name}.${this.group}`;
  }

  /** The body of an answer of the API, which must be good. */
  async call<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${PLATFORM}/services/platform/api/v1/${path}`, {
      method,
      headers: {
        authorization: `token ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body && { body: JSON.stringify(body) })
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} by ${this.name}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  publish(draft: Draft = {}): Promise<Dataset> {
    return this.call('POST', 'datasets', {
      title: 'Penguins of Biscoe',
      storage: { kind: 'directory', path: 'penguins' },
      ...draft
    } satisfies DatasetDraft);
  }

  lease(dataset: Dataset, request: Partial<LeaseRequest> = {}): Promise<Lease> {
    return this.call('POST', `datasets/${dataset.id}/leases`, { purpose: 'research', ...request });
  }

  datasets(query = ''): Promise<DatasetPage> {
    return this.call('GET', `datasets?limit=200${query}`);
  }

  async leases(): Promise<readonly Lease[]> {
    return (await this.call<LeasePage>('GET', 'leases?limit=200')).items;
  }

  change(lease: Lease, verb: 'approve' | 'revoke' | 'deny', action: LeaseAction = {}): Promise<Lease> {
    return this.call('POST', `leases/${lease.id}/${verb}`, action);
  }

  run(source: string): Promise<Run> {
    return this.call('POST', 'runs', { source, workspace: '/home/jovyan' });
  }
}

/** The people of a test, and what the browser reaches of their platform. */
export class Consortium {
  readonly #id = crypto.randomUUID().slice(0, 8);
  readonly ada = this.#person('ada', 'uis');
  readonly ida = this.#person('ida', 'uib');
  /** Stewards of UiS, UiB and UiO. */
  readonly kari = this.#person('kari', 'uis-stewards');
  readonly siri = this.#person('siri', 'uib-stewards');
  readonly nils = this.#person('nils', 'uio-stewards');
  /** Who looks at the panel. */
  user = this.ada;
  /** What becomes of a request of the panel, instead of its being answered by the platform. */
  instead: ((route: Route) => Promise<void>) | undefined;

  /** A name of a dataset that no other test uses. */
  named(name: string): string {
    return `${name}-${this.#id}`;
  }

  /** Puts the platform where JupyterHub has it: on the origin of JupyterLab. */
  async serve(context: BrowserContext): Promise<void> {
    await context.route('**/services/platform/**', route => (this.instead ?? this.answer)(route));
  }

  /** Lets the platform answer. */
  readonly answer = (route: Route): Promise<void> => route.continue(this.#forwarded(route));

  /** Lets the platform answer only after what is returned was called. */
  hold(): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    this.instead = async route => {
      await held;
      await this.answer(route);
    };
    return release;
  }

  /** Lets the platform do what it is asked to, but its answer never arrives. */
  async lose(route: Route): Promise<void> {
    await route.fetch(this.#forwarded(route));
    await route.abort();
  }

  /** Three datasets, one in each state. */
  async threeDatasets(): Promise<void> {
    await this.kari.publish({
      size: '168 rows',
      description: 'Body measures of the penguins of Biscoe island.',
      licence: 'CC0-1.0',
      tags: ['penguins'],
      columns: ['species', 'island', 'body_mass_g'],
      structure: [{ name: 'notebooks' }, { name: 'results', folders: [{ name: 'figures' }] }],
      policy: { maxDuration: 'PT8H', purposes: ['research', 'teaching'] }
    });
    await this.ida.lease(await this.siri.publish({ title: 'Lorem corpus', size: '12 KB' }), { duration: 'PT90M' });
    await this.user.lease(await this.nils.publish({ title: 'Torgersen colony', size: '52 rows' }), {
      duration: 'PT3H'
    });
  }

  /** Ends all that goes on, and takes back all that is offered. */
  async clear(): Promise<void> {
    for (const person of [this.ada, this.kari]) {
      const { items } = await person.call<RunPage>('GET', 'runs');
      const going = items.filter(({ finishedAt }) => finishedAt === undefined);
      await Promise.all(going.map(({ id }) => person.call('POST', `runs/${id}/stop`)));
    }
    for (const steward of [this.kari, this.siri, this.nils]) {
      const owner = steward.group.replace('-stewards', '');
      for (const lease of await steward.leases()) {
        if (lease.owner === owner && lease.state === 'active') await steward.change(lease, 'revoke');
        if (lease.owner === owner && lease.state === 'requested') await steward.change(lease, 'deny');
      }
      const { items } = await steward.datasets(`&owner=${owner}`);
      for (const { id, version } of items) {
        await steward.call('DELETE', `datasets/${id}`, undefined, { 'if-match': `"${version}"` });
      }
    }
  }

  #person(name: string, group: string): Person {
    return new Person(`${name}-${this.#id}`, group);
  }

  /** JupyterLab alone has no token of a Hub. */
  #forwarded(route: Route): { url: string; headers: Record<string, string> } {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    return {
      url: `${PLATFORM}${pathname}${search}`,
      headers: { ...request.headers(), authorization: `token ${this.user.token}` }
    };
  }
}
