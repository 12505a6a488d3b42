import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { tokenHash } from '../auth/cache.js';
import { tokenOf } from '../auth/guard.js';
import { BODY_LIMIT, pathOf, problemAnswers } from './errors.js';
import { inputChecks } from './input.js';
import { Problem } from './problem.js';
import { apiDefinitions } from './schemas.js';

/** Most requests of one person in a time (ms). */
export interface RateLimit {
  readonly max: number;
  readonly window: number;
}

/** What the bare server needs. */
export interface ServerOptions {
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  readonly rateLimit: RateLimit;
}

/** The HTTP side of the platform before its routes: limits, validation, problems, headers, request log. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    disableRequestLogging: true,
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } }
  });
  app.removeContentTypeParser('text/plain');
  inputChecks(app);
  problemAnswers(app);
  headersAndLog(app);
  for (const definition of apiDefinitions()) app.addSchema(definition);
  await app.register(rateLimit, {
    max: options.rateLimit.max,
    timeWindow: options.rateLimit.window,
    // The guard has run: who it let past is counted by name, for anybody can make many tokens.
    keyGenerator: request => request.caller?.user ?? tokenHash(tokenOf(request) ?? ''),
    errorResponseBuilder: (_, context) =>
      new Problem('RATE_LIMITED', `Too many requests. Try again in ${context.after}.`)
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'JupyterFlow platform', version: options.version },
      components: {
        securitySchemes: { hub: { type: 'http', scheme: 'bearer', description: 'A token of JupyterHub.' } }
      },
      security: [{ hub: [] }]
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => (typeof json.$id === 'string' ? json.$id : `def-${i}`)
    }
  });
  return app;
}

function headersAndLog(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id
    });
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        path: pathOf(request.url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        user: request.caller?.user
      },
      'request'
    );
    done();
  });
}
