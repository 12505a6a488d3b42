import type { DatasetDraft, DatasetPatch } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { memberOfRequest } from '../auth/guard.js';
import { intentOf, versionOf } from '../http/intent.js';
import { idParams, pageQuery, problems, shape } from '../http/schemas.js';
import type { DatasetService, ExplainQuery } from './service.js';
import type { DatasetQuery } from './store.js';

const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...pageQuery,
    q: { type: 'string', maxLength: 200, description: 'Words that must all occur.' },
    owner: { type: 'string', maxLength: 63 },
    available: { type: 'boolean', description: 'Open to lease now, or held by the caller.' },
    sort: { type: 'string', enum: ['title', 'owner', 'availability'], default: 'title' }
  }
};
const explainQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['purpose'],
  properties: {
    purpose: { type: 'string', minLength: 1, maxLength: 200 },
    duration: { ...shape('Duration') },
    algorithm: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of what the jobs would execute.' }
  }
};
const etag = (version: number): string => `"${version}"`;

/** `/datasets`. */
export function datasetRoutes(app: FastifyInstance, api: string, service: DatasetService): void {
  app.get<{ Querystring: DatasetQuery }>(
    `${api}datasets`,
    {
      config: { operation: 'dataset:list' },
      schema: { summary: 'The catalogue', querystring: listQuery, response: { 200: shape('DatasetPage'), ...problems } }
    },
    request => service.list(memberOfRequest(request), request.query)
  );

  app.post<{ Body: DatasetDraft }>(
    `${api}datasets`,
    {
      config: { operation: 'dataset:publish' },
      schema: {
        summary: 'Publish a dataset',
        body: shape('DatasetDraft'),
        response: { 201: shape('Dataset'), ...problems }
      }
    },
    async (request, reply) => {
      const dataset = await service.publish(memberOfRequest(request), request.body, intentOf(request));
      return reply
        .code(201)
        .headers({ etag: etag(dataset.version), location: `${api}datasets/${dataset.id}` })
        .send(dataset);
    }
  );

  app.get<{ Params: { id: string } }>(
    `${api}datasets/:id`,
    {
      config: { operation: 'dataset:read' },
      schema: { summary: 'One dataset', params: idParams, response: { 200: shape('Dataset'), ...problems } }
    },
    async (request, reply) => {
      const dataset = await service.get(memberOfRequest(request), request.params.id);
      return reply.header('etag', etag(dataset.version)).send(dataset);
    }
  );

  app.get<{ Params: { id: string }; Querystring: ExplainQuery }>(
    `${api}datasets/:id/explain`,
    {
      config: { operation: 'dataset:explain' },
      schema: {
        summary: 'Every check of its policy that a lease, and a run under it, would meet now',
        params: idParams,
        querystring: explainQuery,
        response: { 200: shape('Explanation'), ...problems }
      }
    },
    request => service.explain(memberOfRequest(request), request.params.id, request.query)
  );

  app.patch<{ Params: { id: string }; Body: DatasetPatch }>(
    `${api}datasets/:id`,
    {
      config: { operation: 'dataset:update' },
      schema: {
        summary: 'Change a dataset',
        params: idParams,
        body: shape('DatasetPatch'),
        response: { 200: shape('Dataset'), ...problems }
      }
    },
    async (request, reply) => {
      const { id } = request.params;
      const dataset = await service.update(
        memberOfRequest(request),
        id,
        versionOf(request),
        request.body,
        intentOf(request)
      );
      return reply.header('etag', etag(dataset.version)).send(dataset);
    }
  );

  app.delete<{ Params: { id: string } }>(
    `${api}datasets/:id`,
    {
      config: { operation: 'dataset:retire' },
      schema: { summary: 'Retire a dataset', params: idParams, response: { 204: { type: 'null' }, ...problems } }
    },
    async (request, reply) => {
      await service.retire(memberOfRequest(request), request.params.id, versionOf(request), intentOf(request));
      return reply.code(204).send();
    }
  );
}
