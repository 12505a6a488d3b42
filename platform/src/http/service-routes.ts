import type { WitnessState } from '@jupyterflow/ledger';
import type { FastifyInstance } from 'fastify';

/** What the routes about the service itself need. */
export interface ServiceRoutes {
  readonly prefix: string;
  readonly version: string;
  /** What is not ready, in words; empty when all is. */
  readonly unready: () => Promise<readonly string[]>;
  /** How far the witnesses of the ledger are. */
  readonly witnesses: () => readonly WitnessState[];
}

/** `/healthz`, `/readyz`, `/version` and `/openapi.json`: nothing in them is about a person. */
export function serviceRoutes(app: FastifyInstance, { prefix, version, unready, witnesses }: ServiceRoutes): void {
  app.get(`${prefix}healthz`, { config: { operation: 'service:health', rateLimit: false } }, () => ({ status: 'ok' }));
  app.get(`${prefix}readyz`, { config: { operation: 'service:ready', rateLimit: false } }, async (_, reply) => {
    const missing = await unready();
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .send({ status: missing.length === 0 ? 'ok' : 'not ready', missing, ...lagOf(witnesses()) });
  });
  app.get(`${prefix}version`, { config: { operation: 'service:version' } }, () => ({
    name: 'jupyterflow-platform',
    version
  }));
  app.get(`${prefix}openapi.json`, { config: { operation: 'service:openapi' }, schema: { hide: true } }, () =>
    app.swagger()
  );
}

/** Entries that each witness has not cosigned; where it is, and why, is in the log of the platform alone. */
function lagOf(witnesses: readonly WitnessState[]): { readonly witnesses?: readonly object[] } {
  return witnesses.length === 0 ? {} : { witnesses: witnesses.map(({ organization, lag }) => ({ organization, lag })) };
}
