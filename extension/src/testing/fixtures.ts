import type { Dataset, DatasetPage, Lease, Me, OrganizationPage, Policy, Run, RunJob } from '@jupyterflow/schema';
import { nullTranslator } from '@jupyterlab/translation';
import type { Platform } from '../platform';

/** English, as without a language pack. */
export const trans = nullTranslator.load('');

/** The time of every test. */
export const NOW = Date.parse('2026-11-22T12:00:00Z');

export function policy(fields: Partial<Policy> = {}): Policy {
  return {
    mode: 'access',
    concurrency: 1,
    approval: 'auto',
    maxDuration: 'PT8H',
    renewals: 3,
    purposes: [],
    organizations: [],
    algorithms: 'raw',
    sites: [],
    egress: [],
    resultRelease: 'auto',
    ...fields
  };
}

export function dataset(fields: Partial<Dataset> = {}): Dataset {
  return {
    id: 'ds_biscoe0001',
    version: 1,
    kind: 'data',
    title: 'Penguins of Biscoe',
    name: 'penguins-biscoe',
    description: 'Body measures.',
    owner: 'uis',
    tags: ['birds'],
    policy: policy(),
    structure: [],
    columns: [],
    storageKind: 'directory',
    state: 'published',
    availability: 'open',
    publishedAt: '2026-11-01T08:00:00Z',
    ...fields
  };
}

export function lease(fields: Partial<Lease> = {}): Lease {
  return {
    id: 'ls_biscoe0001',
    dataset: 'ds_biscoe0001',
    datasetTitle: 'Penguins of Biscoe',
    datasetName: 'penguins-biscoe',
    holder: { user: 'ada', organization: 'uio' },
    owner: 'uis',
    purpose: 'research',
    duration: 'PT4H',
    state: 'active',
    requestedAt: '2026-11-22T10:00:00Z',
    grantedAt: '2026-11-22T10:00:00Z',
    expiresAt: '2026-11-22T14:00:00Z',
    fencing: 1,
    renewalsLeft: 3,
    ...fields
  };
}

export function job(fields: Partial<RunJob> = {}): RunJob {
  return { name: 'job-1', phase: 'Succeeded', attempts: 1, dependsOn: [], ...fields };
}

export function run(fields: Partial<Run> = {}): Run {
  return {
    id: 'run_linear0001',
    name: 'linear-x7k2',
    workflow: 'linear',
    user: 'ada',
    organization: 'uio',
    engine: 'local',
    state: 'Running',
    startedAt: '2026-11-22T11:59:00Z',
    workspace: '/home/jovyan',
    leases: [],
    jobs: [job()],
    links: {},
    sourceDigest: 'sha256:0',
    ...fields
  };
}

export function me(fields: Partial<Me> = {}): Me {
  return {
    user: 'ada',
    organization: { id: 'uio', name: 'University of Oslo', publicKey: '', keyFingerprint: '' },
    roles: ['researcher'],
    allowed: [],
    limits: { bodyBytes: 1000 },
    ...fields
  };
}

export function datasetPage(items: Dataset[], nextCursor: string | null = null, total = items.length): DatasetPage {
  return { items, nextCursor, total };
}

export function organizationPage(names: Readonly<Record<string, string>>): OrganizationPage {
  const items = Object.entries(names).map(([id, name]) => ({ id, name, publicKey: '', keyFingerprint: '' }));
  return { items, nextCursor: null };
}

/** A platform that answers only what a test gives it. */
export function platform(answers: Partial<Platform>): Platform {
  const refuse = (name: string) => () => Promise.reject(new Error(`${name} is not expected in this test`));
  return new Proxy(answers, {
    get: (target, name: keyof Platform) => target[name] ?? refuse(name)
  }) as Platform;
}
