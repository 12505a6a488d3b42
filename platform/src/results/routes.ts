import type { Decision } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { memberOfRequest } from '../auth/guard.js';
import { intentOf } from '../http/intent.js';
import { idParams, pageQuery, problems, shape } from '../http/schemas.js';
import type { RunQuery } from '../runs/store.js';
import type { ResultService } from './service.js';

const decisions = ['release', 'refuse'] as const;

/** `/results` and `/runs/{id}/results`. */
export function resultRoutes(app: FastifyInstance, api: string, service: ResultService): void {
  app.get<{ Querystring: Pick<RunQuery, 'limit' | 'cursor'> }>(
    `${api}results`,
    {
      config: { operation: 'result:list' },
      schema: {
        summary: "Runs whose results wait for the caller's organization",
        querystring: { type: 'object', additionalProperties: false, properties: pageQuery },
        response: { 200: shape('RunPage'), ...problems }
      }
    },
    request => service.list(memberOfRequest(request), request.query)
  );

  for (const decision of decisions) {
    app.post<{ Params: { id: string }; Body: Decision | null }>(
      `${api}runs/:id/results/${decision}`,
      {
        config: { operation: `result:${decision}` },
        schema: {
          summary: `${decision} the results of a run, as far as own datasets are concerned`,
          params: idParams,
          body: { anyOf: [shape('Decision'), { type: 'null' }] },
          response: { 200: shape('Run'), ...problems }
        }
      },
      request =>
        service.decide(memberOfRequest(request), request.params.id, decision, request.body?.reason, intentOf(request))
    );
  }
}
