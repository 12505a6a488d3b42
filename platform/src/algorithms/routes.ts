import type { Decision } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';
import { intentOf } from '../http/intent.js';
import { problems, shape } from '../http/schemas.js';
import type { AlgorithmService } from './service.js';

const decisions = ['approve', 'withdraw'] as const;
const digestParams = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hex.' } },
  required: ['id']
};

/** `/algorithms`. */
export function algorithmRoutes(app: FastifyInstance, api: string, service: AlgorithmService): void {
  app.get<{ Params: { id: string } }>(
    `${api}algorithms/:id`,
    {
      config: { operation: 'algorithm:read' },
      schema: {
        summary: 'Who approves an algorithm',
        params: digestParams,
        response: { 200: shape('Algorithm'), ...problems }
      }
    },
    request => service.get(request.params.id)
  );

  for (const decision of decisions) {
    app.post<{ Params: { id: string }; Body: Decision | null }>(
      `${api}algorithms/:id/${decision}`,
      {
        config: { operation: `algorithm:${decision}` },
        schema: {
          summary: `${decision} an algorithm in the name of the caller's organization`,
          params: digestParams,
          body: { anyOf: [shape('Decision'), { type: 'null' }] },
          response: { 200: shape('Algorithm'), ...problems }
        }
      },
      request => service.decide(request.params.id, decision, request.body?.reason, intentOf(request))
    );
  }
}
