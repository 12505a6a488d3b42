import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import {
  HubUnavailable,
  callerOf,
  mayAccess,
  type Caller,
  type HubUser,
  type Member,
  type OrganizationConfig
} from './identity.js';
import { permissions, roleAllows, rule, type Operation } from './permissions.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Line of the permission table that guards the route. */
    operation?: Operation;
  }
  interface FastifyRequest {
    /** Set by the guard on every route that asks for a token. */
    caller: Caller | null;
  }
}

/** What the guard needs to know. */
export interface GuardOptions {
  readonly prefix: string;
  readonly service: string;
  readonly organizations: readonly OrganizationConfig[];
  readonly identify: (token: string, write: boolean) => Promise<HubUser | undefined>;
}

/**
 * Lets nobody past who is not in the permission table: a route without a line there makes the start fail,
 * and a request without the role of that line ends here.
 */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', route => {
    const line = route.config?.operation;
    const expected = line && rule(line);
    if (!expected || route.method !== expected.method || route.url !== options.prefix + expected.path) {
      throw new Error(`the route ${String(route.method)} ${route.url} has no line in the permission table`);
    }
  });
  app.addHook('onRequest', async request => {
    const operation = request.routeOptions.config.operation;
    if (!operation || rule(operation).role === 'anyone') return;
    const caller = await authenticate(request, options);
    request.caller = caller;
    if (!roleAllows(operation, caller)) throw missingRole(operation, caller, options.organizations);
  });
}

/** Routes of the table that were not registered. */
export function missingRoutes(app: FastifyInstance, prefix: string): Operation[] {
  return (Object.keys(permissions) as Operation[]).filter(
    one => !app.hasRoute({ method: rule(one).method, url: prefix + rule(one).path })
  );
}

/** The caller of a guarded route. */
export function callerOfRequest(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('this route is not guarded');
  return request.caller;
}

/** The caller of a route that asks for a role, and so for an organization. */
export function memberOfRequest(request: FastifyRequest): Member {
  const caller = callerOfRequest(request);
  const { organization } = caller;
  if (!organization) throw new Error('this route does not ask for a role');
  return { ...caller, organization };
}

const HEADER = /^(?:token|bearer) +([\w.~+/=-]{1,1024})$/i;

/** The token of the Authorization header. There are no cookies, and so no requests that a foreign page could make. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return HEADER.exec(request.headers.authorization ?? '')?.[1];
}

async function authenticate(request: FastifyRequest, options: GuardOptions): Promise<Caller> {
  const token = tokenOf(request);
  if (token === undefined) {
    throw new Problem('UNAUTHENTICATED', 'Send a token of JupyterHub in the header "Authorization: token ...".');
  }
  const user = await options.identify(token, request.method !== 'GET').catch((error: unknown) => {
    if (!(error instanceof HubUnavailable)) throw error;
    request.log.warn({ reason: error.message }, 'the Hub can not be asked');
    throw new Problem('HUB_UNAVAILABLE', 'JupyterHub does not say who you are. Try again in a moment.');
  });
  if (!user)
    throw new Problem('UNAUTHENTICATED', 'JupyterHub does not know this token. Log in again, or make a new one.');
  if (user.kind !== 'user')
    throw new Problem('NOT_ALLOWED', 'Only people may use this service; the token belongs to a service.');
  if (!mayAccess(user.scopes, options.service)) {
    throw new Problem(
      'NOT_ALLOWED',
      `The token lacks the scope access:services!service=${options.service}. Log in again, or ask an administrator of the Hub for it.`
    );
  }
  return callerOf(user, options.organizations);
}

function missingRole(operation: Operation, caller: Caller, organizations: readonly OrganizationConfig[]): Problem {
  if (!caller.organization) {
    const groups = organizations.map(one => one.group).join(', ');
    return new Problem(
      'NOT_ALLOWED',
      `Your groups at JupyterHub must name exactly one organization. Known groups: ${groups}. Ask an administrator of the Hub.`
    );
  }
  return new Problem(
    'NOT_ALLOWED',
    `This needs the role ${rule(operation).role} in ${caller.organization.name} (${operation}).`
  );
}
