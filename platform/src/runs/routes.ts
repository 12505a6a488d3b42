import type { RetryRequest, RunRequest } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { memberOfRequest } from '../auth/guard.js';
import { intentOf } from '../http/intent.js';
import { idParams, pageQuery, problems, shape } from '../http/schemas.js';
import type { RunService } from './service.js';
import type { RunQuery } from './store.js';

const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...pageQuery,
    state: shape('RunState'),
    mine: { type: 'boolean', const: true, description: 'Always so: nobody sees the runs of others.' }
  }
};
const logParams = {
  type: 'object',
  properties: { ...idParams.properties, job: { type: 'string', maxLength: 128 } },
  required: ['id', 'job']
};
const logQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    follow: { type: 'boolean', default: false, description: 'Goes on until the job has finished.' },
    tail: { type: 'integer', minimum: 0, maximum: 1_000_000, description: 'Only the last lines.' },
    attempt: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Default: the last one.' }
  }
};

/** `/runs`. */
export function runRoutes(app: FastifyInstance, api: string, service: RunService): void {
  app.post<{ Body: RunRequest }>(
    `${api}runs`,
    {
      config: { operation: 'run:start' },
      schema: { summary: 'Start a run', body: shape('RunRequest'), response: { 201: shape('Run'), ...problems } }
    },
    async (request, reply) => {
      const run = await service.start(memberOfRequest(request), request.body, intentOf(request));
      return reply.code(201).header('location', `${api}runs/${run.id}`).send(run);
    }
  );

  app.get<{ Querystring: RunQuery }>(
    `${api}runs`,
    {
      config: { operation: 'run:list' },
      schema: {
        summary: 'The runs of the caller',
        querystring: listQuery,
        response: { 200: shape('RunPage'), ...problems }
      }
    },
    request => service.list(memberOfRequest(request), request.query)
  );

  app.get<{ Params: { id: string } }>(
    `${api}runs/:id`,
    {
      config: { operation: 'run:read' },
      schema: { summary: 'One run', params: idParams, response: { 200: shape('Run'), ...problems } }
    },
    request => service.get(memberOfRequest(request), request.params.id)
  );

  app.get<{ Params: { id: string; job: string }; Querystring: { follow: boolean; tail?: number; attempt?: number } }>(
    `${api}runs/:id/jobs/:job/log`,
    {
      config: { operation: 'run:log' },
      schema: {
        summary: 'What a job wrote',
        params: logParams,
        querystring: logQuery,
        produces: ['text/plain'],
        response: problems
      }
    },
    async (request, reply) => {
      const { id, job } = request.params;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const log = await service.log(memberOfRequest(request), id, job, { ...request.query, signal: gone.signal });
      return reply.type('text/plain; charset=utf-8').send(log);
    }
  );

  app.post<{ Params: { id: string }; Body: RetryRequest }>(
    `${api}runs/:id/retry`,
    {
      config: { operation: 'run:retry' },
      schema: {
        summary: 'Go on with a run that has ended: what did not succeed runs again',
        params: idParams,
        body: shape('RetryRequest'),
        response: { 200: shape('Run'), ...problems }
      }
    },
    request => service.retry(memberOfRequest(request), request.params.id, request.body, intentOf(request))
  );

  app.post<{ Params: { id: string } }>(
    `${api}runs/:id/resubmit`,
    {
      config: { operation: 'run:resubmit' },
      schema: {
        summary: 'Start a new run of the file and the parameters of another one',
        params: idParams,
        response: { 201: shape('Run'), ...problems }
      }
    },
    async (request, reply) => {
      const run = await service.resubmit(memberOfRequest(request), request.params.id, intentOf(request));
      return reply.code(201).header('location', `${api}runs/${run.id}`).send(run);
    }
  );

  app.post<{ Params: { id: string } }>(
    `${api}runs/:id/stop`,
    {
      config: { operation: 'run:stop' },
      schema: { summary: 'Stop a run', params: idParams, response: { 200: shape('Run'), ...problems } }
    },
    request => service.stop(memberOfRequest(request), request.params.id)
  );

  app.delete<{ Params: { id: string } }>(
    `${api}runs/:id`,
    {
      config: { operation: 'run:remove' },
      schema: { summary: 'Forget a finished run', params: idParams, response: { 204: { type: 'null' }, ...problems } }
    },
    async (request, reply) => {
      await service.remove(memberOfRequest(request), request.params.id);
      return reply.code(204).send();
    }
  );
}
