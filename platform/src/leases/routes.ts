import type { LeaseAction, LeaseRequest } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { memberOfRequest } from '../auth/guard.js';
import { intentOf } from '../http/intent.js';
import { idParams, pageQuery, problems, shape } from '../http/schemas.js';
import { leaseActions, type LeaseService } from './service.js';
import type { LeaseQuery } from './store.js';

const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...pageQuery,
    state: shape('LeaseState'),
    dataset: { type: 'string', maxLength: 100 },
    mine: { type: 'boolean', description: 'Only those that the caller holds.' }
  }
};

/** `/datasets/{id}/leases` and `/leases`. */
export function leaseRoutes(app: FastifyInstance, api: string, service: LeaseService): void {
  app.post<{ Params: { id: string }; Body: LeaseRequest }>(
    `${api}datasets/:id/leases`,
    {
      config: { operation: 'lease:request' },
      schema: {
        summary: 'Ask for a lease: 201 when it is active, 202 when the owner decides',
        params: idParams,
        body: shape('LeaseRequest'),
        response: { 201: shape('Lease'), 202: shape('Lease'), ...problems }
      }
    },
    async (request, reply) => {
      const lease = await service.request(memberOfRequest(request), request.params.id, request.body, intentOf(request));
      const status = lease.state === 'requested' ? 202 : 201;
      return reply.code(status).header('location', `${api}leases/${lease.id}`).send(lease);
    }
  );

  app.get<{ Querystring: LeaseQuery }>(
    `${api}leases`,
    {
      config: { operation: 'lease:list' },
      schema: {
        summary: 'Leases held, and those of own datasets',
        querystring: listQuery,
        response: { 200: shape('LeasePage'), ...problems }
      }
    },
    request => service.list(memberOfRequest(request), request.query)
  );

  app.get<{ Params: { id: string } }>(
    `${api}leases/:id`,
    {
      config: { operation: 'lease:read' },
      schema: { summary: 'One lease', params: idParams, response: { 200: shape('Lease'), ...problems } }
    },
    request => service.get(memberOfRequest(request), request.params.id)
  );

  app.get<{ Params: { id: string } }>(
    `${api}leases/:id/proof`,
    {
      config: { operation: 'lease:prove' },
      schema: {
        summary: 'Proof of what happened with a lease, for somebody without the log',
        params: idParams,
        response: { 200: shape('LeaseProof'), ...problems }
      }
    },
    request => service.prove(memberOfRequest(request), request.params.id)
  );

  for (const action of leaseActions) {
    app.post<{ Params: { id: string }; Body: LeaseAction | null }>(
      `${api}leases/:id/${action}`,
      {
        config: { operation: `lease:${action}` },
        schema: {
          summary: `${action} a lease`,
          params: idParams,
          body: { anyOf: [shape('LeaseAction'), { type: 'null' }] },
          response: { 200: shape('Lease'), ...problems }
        }
      },
      request => service.act(memberOfRequest(request), request.params.id, action, request.body ?? {}, intentOf(request))
    );
  }
}
