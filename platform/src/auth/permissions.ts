import type { ProblemCode, Role } from '@jupyterflow/schema';
import { Problem } from '../http/problem.js';
import type { Caller } from './identity.js';

/**
 * How a caller stands to a thing: `visible` (policy shows them the dataset), `owner` (steward of the organization that
 * owns the dataset, or one whose say over the results a run waits for), `holder` (of the lease), `self` (who started the run). `any`: the operation is about no single thing.
 */
export type Relation = 'any' | 'visible' | 'owner' | 'holder' | 'self';
export type Resource =
  'service' | 'me' | 'organization' | 'ledger' | 'dataset' | 'lease' | 'run' | 'result' | 'algorithm';

/** One line of the table: who may do what. */
export interface Rule {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the prefix of the service. */
  readonly path: string;
  readonly resource: Resource;
  /** `anyone`: without a token. `known`: with a token of the Hub, in whatever group. */
  readonly role: 'anyone' | 'known' | Role;
  /** One of these is enough. */
  readonly relations: readonly Relation[];
}

/** The one table behind the API's checks, `allowed` in `/me`, and the permission test. A route that is not here does not start. */
export const permissions = {
  'service:health': { method: 'GET', path: 'healthz', resource: 'service', role: 'anyone', relations: ['any'] },
  'service:ready': { method: 'GET', path: 'readyz', resource: 'service', role: 'anyone', relations: ['any'] },
  'service:version': { method: 'GET', path: 'version', resource: 'service', role: 'anyone', relations: ['any'] },
  'service:openapi': { method: 'GET', path: 'openapi.json', resource: 'service', role: 'anyone', relations: ['any'] },
  'me:read': { method: 'GET', path: 'api/v1/me', resource: 'me', role: 'known', relations: ['any'] },
  'organization:list': {
    method: 'GET',
    path: 'api/v1/organizations',
    resource: 'organization',
    role: 'researcher',
    relations: ['any']
  },
  'ledger:checkpoint': {
    method: 'GET',
    path: 'api/v1/ledger/checkpoint',
    resource: 'ledger',
    role: 'researcher',
    relations: ['any']
  },
  'ledger:entries': {
    method: 'GET',
    path: 'api/v1/ledger/entries',
    resource: 'ledger',
    role: 'steward',
    relations: ['any']
  },
  'dataset:list': {
    method: 'GET',
    path: 'api/v1/datasets',
    resource: 'dataset',
    role: 'researcher',
    relations: ['visible']
  },
  'dataset:publish': {
    method: 'POST',
    path: 'api/v1/datasets',
    resource: 'dataset',
    role: 'steward',
    relations: ['any']
  },
  'dataset:read': {
    method: 'GET',
    path: 'api/v1/datasets/:id',
    resource: 'dataset',
    role: 'researcher',
    relations: ['visible']
  },
  'dataset:update': {
    method: 'PATCH',
    path: 'api/v1/datasets/:id',
    resource: 'dataset',
    role: 'steward',
    relations: ['owner']
  },
  'dataset:retire': {
    method: 'DELETE',
    path: 'api/v1/datasets/:id',
    resource: 'dataset',
    role: 'steward',
    relations: ['owner']
  },
  'dataset:explain': {
    method: 'GET',
    path: 'api/v1/datasets/:id/explain',
    resource: 'dataset',
    role: 'researcher',
    relations: ['visible']
  },
  'lease:request': {
    method: 'POST',
    path: 'api/v1/datasets/:id/leases',
    resource: 'dataset',
    role: 'researcher',
    relations: ['visible']
  },
  'lease:list': {
    method: 'GET',
    path: 'api/v1/leases',
    resource: 'lease',
    role: 'researcher',
    relations: ['holder', 'owner']
  },
  'lease:read': {
    method: 'GET',
    path: 'api/v1/leases/:id',
    resource: 'lease',
    role: 'researcher',
    relations: ['holder', 'owner']
  },
  'lease:prove': {
    method: 'GET',
    path: 'api/v1/leases/:id/proof',
    resource: 'lease',
    role: 'researcher',
    relations: ['holder', 'owner']
  },
  'lease:renew': {
    method: 'POST',
    path: 'api/v1/leases/:id/renew',
    resource: 'lease',
    role: 'researcher',
    relations: ['holder']
  },
  'lease:release': {
    method: 'POST',
    path: 'api/v1/leases/:id/release',
    resource: 'lease',
    role: 'researcher',
    relations: ['holder']
  },
  'lease:revoke': {
    method: 'POST',
    path: 'api/v1/leases/:id/revoke',
    resource: 'lease',
    role: 'steward',
    relations: ['owner']
  },
  'lease:approve': {
    method: 'POST',
    path: 'api/v1/leases/:id/approve',
    resource: 'lease',
    role: 'steward',
    relations: ['owner']
  },
  'lease:deny': {
    method: 'POST',
    path: 'api/v1/leases/:id/deny',
    resource: 'lease',
    role: 'steward',
    relations: ['owner']
  },
  'run:start': { method: 'POST', path: 'api/v1/runs', resource: 'run', role: 'researcher', relations: ['any'] },
  'run:list': { method: 'GET', path: 'api/v1/runs', resource: 'run', role: 'researcher', relations: ['self'] },
  'run:read': {
    method: 'GET',
    path: 'api/v1/runs/:id',
    resource: 'run',
    role: 'researcher',
    relations: ['self', 'owner']
  },
  'run:log': {
    method: 'GET',
    path: 'api/v1/runs/:id/jobs/:job/log',
    resource: 'run',
    role: 'researcher',
    relations: ['self', 'owner']
  },
  'run:retry': {
    method: 'POST',
    path: 'api/v1/runs/:id/retry',
    resource: 'run',
    role: 'researcher',
    relations: ['self']
  },
  'run:resubmit': {
    method: 'POST',
    path: 'api/v1/runs/:id/resubmit',
    resource: 'run',
    role: 'researcher',
    relations: ['self']
  },
  'run:stop': {
    method: 'POST',
    path: 'api/v1/runs/:id/stop',
    resource: 'run',
    role: 'researcher',
    relations: ['self']
  },
  'run:remove': { method: 'DELETE', path: 'api/v1/runs/:id', resource: 'run', role: 'researcher', relations: ['self'] },
  'result:list': {
    method: 'GET',
    path: 'api/v1/results',
    resource: 'result',
    role: 'steward',
    relations: ['owner']
  },
  'result:release': {
    method: 'POST',
    path: 'api/v1/runs/:id/results/release',
    resource: 'result',
    role: 'steward',
    relations: ['owner']
  },
  'result:refuse': {
    method: 'POST',
    path: 'api/v1/runs/:id/results/refuse',
    resource: 'result',
    role: 'steward',
    relations: ['owner']
  },
  'algorithm:read': {
    method: 'GET',
    path: 'api/v1/algorithms/:id',
    resource: 'algorithm',
    role: 'researcher',
    relations: ['any']
  },
  'algorithm:approve': {
    method: 'POST',
    path: 'api/v1/algorithms/:id/approve',
    resource: 'algorithm',
    role: 'steward',
    relations: ['any']
  },
  'algorithm:withdraw': {
    method: 'POST',
    path: 'api/v1/algorithms/:id/withdraw',
    resource: 'algorithm',
    role: 'steward',
    relations: ['any']
  }
} as const satisfies Readonly<Record<string, Rule>>;

export type Operation = keyof typeof permissions;

/** The line of an operation. */
export function rule(operation: Operation): Rule {
  return permissions[operation];
}

/** True when the roles of a caller allow an operation on at least some things. */
export function roleAllows(operation: Operation, caller: Caller): boolean {
  const { role } = rule(operation);
  return role === 'anyone' || role === 'known' || caller.roles.includes(role);
}

/** Operations that the roles of a caller allow, for `/me`. */
export function allowedOperations(caller: Caller): Operation[] {
  return (Object.keys(permissions) as Operation[]).filter(
    one => rule(one).resource !== 'service' && roleAllows(one, caller)
  );
}

const UNKNOWN: Readonly<Partial<Record<Resource, ProblemCode>>> = {
  dataset: 'UNKNOWN_DATASET',
  lease: 'UNKNOWN_LEASE',
  run: 'UNKNOWN_RUN',
  result: 'UNKNOWN_RUN',
  algorithm: 'UNKNOWN_ALGORITHM'
};

/** The answer to an id that names nothing, or nothing that the caller may know of. */
export function unknown(resource: Resource, id: string): Problem {
  const shown = id.length > 80 ? `${id.slice(0, 80)}...` : id;
  return new Problem(UNKNOWN[resource] ?? 'NOT_FOUND', `There is no ${resource} ${shown} that you may see.`);
}

/**
 * Checks how the caller stands to one thing.
 * @throws Problem: 404 for a thing the caller may not know of, 403 for one they know but may not treat like this
 */
export function require(operation: Operation, id: string, relations: ReadonlySet<Relation>): void {
  const { resource, relations: enough } = rule(operation);
  if (relations.size === 0) throw unknown(resource, id);
  if (enough.some(one => relations.has(one))) return;
  throw new Problem('NOT_ALLOWED', `Only the ${enough.map(one => WHO[one]).join(' or ')} may do this (${operation}).`);
}

const WHO: Readonly<Record<Relation, string>> = {
  any: 'caller',
  visible: 'organizations that its policy names',
  owner: 'stewards of the organization that owns the dataset',
  holder: 'holder of the lease',
  self: 'person who started the run'
};
