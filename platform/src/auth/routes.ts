import { fingerprint } from '@jupyterflow/ledger';
import type { Me, Organization, OrganizationPage } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { BODY_LIMIT } from '../http/errors.js';
import { problems, shape } from '../http/schemas.js';
import type { OrganizationKeys } from '../vault/keys.js';
import { callerOfRequest } from './guard.js';
import type { OrganizationConfig } from './identity.js';
import { allowedOperations } from './permissions.js';

/** What the routes about people and organizations need. */
export interface AuthRoutes {
  readonly api: string;
  readonly organizations: readonly OrganizationConfig[];
  readonly keys: ReadonlyMap<string, OrganizationKeys>;
}

/** `/me` and `/organizations`. */
export function authRoutes(app: FastifyInstance, { api, organizations, keys }: AuthRoutes): void {
  const show = ({ id, name }: OrganizationConfig): Organization => {
    const publicKey = keys.get(id)?.signing.publicKey ?? '';
    return { id, name, publicKey, keyFingerprint: fingerprint(publicKey) };
  };

  app.get(
    `${api}me`,
    {
      config: { operation: 'me:read' },
      schema: { summary: 'The caller', response: { 200: shape('Me'), ...problems } }
    },
    (request): Me => {
      const caller = callerOfRequest(request);
      return {
        user: caller.user,
        organization: caller.organization ? show(caller.organization) : null,
        roles: [...caller.roles],
        allowed: allowedOperations(caller),
        limits: { bodyBytes: BODY_LIMIT }
      };
    }
  );

  app.get(
    `${api}organizations`,
    {
      config: { operation: 'organization:list' },
      schema: { summary: 'All organizations', response: { 200: shape('OrganizationPage'), ...problems } }
    },
    (): OrganizationPage => ({ items: organizations.map(show), nextCursor: null })
  );
}
