import type { Dataset, DatasetDraft, Lease, LeaseAction, LeaseRequest, Me, Problem, Run } from '@jupyterflow/schema';
import type { Page, Route } from '@playwright/test';

/** The platform as these tests need it, in the page: its answers have the shapes of the schema. */
export class FakePlatform {
  me: Me = {
    user: 'ada',
    organization: { id: 'uis', name: 'University of Stavanger', keyFingerprint: '' },
    roles: ['researcher'],
    allowed: ['dataset:list', 'lease:request'],
    limits: { bodyBytes: 1_000_000 }
  };
  datasets: Dataset[] = [];
  leases: Lease[] = [];
  runs: Run[] = [];
  log = '';
  /** What was written, in order. */
  readonly writes: { readonly path: string; readonly body: unknown; readonly headers: Record<string, string> }[] = [];
  /** Answers everything with this status instead. */
  down: number | undefined;
  /** Answers nothing while it waits. */
  hold: Promise<void> = Promise.resolve();

  async attach(page: Page): Promise<void> {
    await page.route('**/services/platform/**', route => this.#answer(route));
  }

  async #answer(route: Route): Promise<void> {
    await this.hold;
    if (this.down !== undefined) {
      return route.fulfill({ status: this.down, body: '<h1>No</h1>', contentType: 'text/html' });
    }
    const request = route.request();
    const url = new URL(request.url());
    const path = url.pathname.replace(/^.*\/api\/v1\//, '');
    if (request.method() === 'GET') {
      return this.#read(route, path, url.searchParams);
    }
    const body = request.postDataJSON() as unknown;
    this.writes.push({ path, body, headers: request.headers() });
    return this.#write(route, path, body);
  }

  #read(route: Route, path: string, query: URLSearchParams): Promise<void> {
    const [kind, id, ...rest] = path.split('/');
    if (rest.at(-1) === 'log') {
      return route.fulfill({ body: this.log, contentType: 'text/plain' });
    }
    if (kind === 'me') {
      return route.fulfill({ json: this.me });
    }
    const all = { datasets: this.#found(query.get('q') ?? ''), leases: this.leases, runs: this.runs }[
      kind as 'runs'
    ] as { id: string }[];
    if (id === undefined) {
      return route.fulfill({ json: { items: all, nextCursor: null, total: all.length } });
    }
    const one = all.find(item => item.id === id);
    return one
      ? route.fulfill({ json: one })
      : problem(route, { status: 404, code: 'NOT_FOUND', title: 'Not found', detail: 'There is nothing here.' });
  }

  #write(route: Route, path: string, body: unknown): Promise<void> {
    const [kind, id = '', verb] = path.split('/');
    if (kind === 'datasets' && verb === 'leases') {
      return this.#lend(route, id, body as LeaseRequest);
    }
    if (kind === 'datasets') {
      const { title } = body as DatasetDraft;
      const published = dataset({ title, id: 'ds_published1' });
      this.datasets.push(published);
      return route.fulfill({ status: 201, json: published });
    }
    if (kind === 'leases') {
      return this.#change(route, id, verb ?? '', body as LeaseAction);
    }
    const run = this.runs.find(one => one.id === id);
    Object.assign(run ?? {}, { state: 'Failed', reason: 'Stopped by ada', finishedAt: now() });
    return route.fulfill({ json: run });
  }

  #lend(route: Route, id: string, { purpose, duration = 'PT4H' }: LeaseRequest): Promise<void> {
    const wanted = this.datasets.find(one => one.id === id);
    if (!wanted || wanted.availability === 'taken') {
      const detail = 'This dataset is in use at uib until 14:32.';
      return problem(route, { status: 409, code: 'LEASED', title: 'In use', detail });
    }
    const made = lease({
      id: `ls_${id.slice(3)}`,
      dataset: id,
      datasetTitle: wanted.title,
      datasetName: wanted.name,
      purpose,
      duration
    });
    this.leases.push(made);
    Object.assign(wanted, { availability: 'yours', lease: made });
    return route.fulfill({ status: 201, json: made });
  }

  #change(route: Route, id: string, verb: string, { duration }: LeaseAction): Promise<void> {
    const held = this.leases.find(one => one.id === id);
    if (held && verb === 'release') {
      Object.assign(held, { state: 'released', endedAt: now() });
      this.datasets
        .filter(one => one.id === held.dataset)
        .forEach(one => Object.assign(one, { availability: 'open', lease: undefined }));
    } else if (held && verb === 'renew') {
      Object.assign(held, { duration, expiresAt: now(8 * 3600), renewalsLeft: held.renewalsLeft - 1 });
    } else if (held && verb === 'approve') {
      Object.assign(held, { state: 'active', grantedAt: now(), expiresAt: now(4 * 3600) });
    }
    return route.fulfill({ json: held });
  }

  #found(q: string): Dataset[] {
    return this.datasets.filter(({ title }) => title.toLowerCase().includes(q.toLowerCase()));
  }
}

function problem(route: Route, fields: Omit<Problem, 'type'>): Promise<void> {
  const json = { type: 'about:blank', ...fields };
  return route.fulfill({ status: Number(fields['status']), contentType: 'application/problem+json', json });
}

/** The time in so many seconds, as the API writes it. */
export function now(seconds = 0): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

export function dataset(fields: Partial<Dataset> = {}): Dataset {
  return {
    id: 'ds_biscoe0001',
    version: 1,
    kind: 'data',
    title: 'Penguins of Biscoe',
    name: 'penguins-biscoe',
    description: 'Body measures of the penguins of Biscoe island.',
    owner: 'uis',
    tags: ['penguins'],
    structure: [{ name: 'notebooks' }, { name: 'results', folders: [{ name: 'figures' }] }],
    columns: ['species', 'island', 'body_mass_g'],
    size: '168 rows',
    licence: 'CC0-1.0',
    storageKind: 'directory',
    state: 'published',
    availability: 'open',
    publishedAt: '2026-11-01T08:00:00Z',
    policy: {
      concurrency: 1,
      approval: 'auto',
      maxDuration: 'PT8H',
      renewals: 3,
      purposes: ['research', 'teaching'],
      organizations: []
    },
    ...fields
  };
}

export function lease(fields: Partial<Lease> = {}): Lease {
  return {
    id: 'ls_torgersen1',
    dataset: 'ds_torgersen1',
    datasetTitle: 'Torgersen colony',
    datasetName: 'penguins-torgersen',
    holder: { user: 'ada', organization: 'uis' },
    owner: 'uio',
    purpose: 'research',
    duration: 'PT4H',
    state: 'active',
    requestedAt: now(-60),
    grantedAt: now(-60),
    expiresAt: now(3 * 3600),
    fencing: 1,
    renewalsLeft: 3,
    ...fields
  };
}

/** A lease that waits for the owner. */
export function request(fields: Partial<Lease>): Lease {
  const made = lease({ ...fields, state: 'requested' });
  delete made.expiresAt;
  delete made.grantedAt;
  return made;
}

export function run(fields: Partial<Run> = {}): Run {
  return {
    id: 'run_lorem00001',
    name: 'lorem-count-x7k2',
    workflow: 'lorem-count',
    user: 'ada',
    organization: 'uis',
    engine: 'local',
    state: 'Running',
    startedAt: now(-12),
    workspace: '/home/jovyan/lorem-count',
    leases: [],
    jobs: [
      {
        name: 'list',
        phase: 'Succeeded',
        exitCode: 0,
        startedAt: now(-12),
        finishedAt: now(-10),
        attempts: 1,
        dependsOn: []
      },
      {
        name: 'uis',
        phase: 'Succeeded',
        exitCode: 0,
        startedAt: now(-10),
        finishedAt: now(-5),
        attempts: 1,
        dependsOn: ['list']
      },
      { name: 'uib', phase: 'Running', startedAt: now(-10), attempts: 1, dependsOn: ['list'] },
      {
        name: 'uio',
        phase: 'Succeeded',
        exitCode: 0,
        startedAt: now(-10),
        finishedAt: now(-4),
        attempts: 1,
        dependsOn: ['list']
      },
      { name: 'total', phase: 'Pending', attempts: 0, dependsOn: ['uis', 'uib', 'uio'] }
    ],
    links: {},
    sourceDigest: 'sha256:0',
    ...fields
  };
}

/** Three datasets, one in each state. */
export function threeDatasets(): Dataset[] {
  const mine = lease();
  return [
    dataset(),
    dataset({
      id: 'ds_lorem00001',
      title: 'Lorem corpus',
      name: 'lorem',
      owner: 'uib',
      size: '12 KB',
      availability: 'taken',
      takenUntil: now(5400),
      takenBy: 'uib'
    }),
    dataset({
      id: mine.dataset,
      title: mine.datasetTitle,
      name: mine.datasetName,
      owner: 'uio',
      size: '52 rows',
      availability: 'yours',
      lease: mine
    })
  ];
}
