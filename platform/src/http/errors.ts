import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** Largest request body in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Answers every error as application/problem+json; what is not foreseen shows nothing of the inside. */
export function problemAnswers(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = error instanceof Problem ? error : (known(error) ?? internal(error, request));
    return send(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) =>
    send(new Problem('NOT_FOUND', `There is nothing at ${request.method} ${pathOf(request.url)}.`), request, reply)
  );
}

/** A URL without its query, which may hold what must not be logged. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0]?.slice(0, 300) ?? '';
}

function send(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'token realm="JupyterHub"');
  if (problem.status === 503) void reply.header('retry-after', '2');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(problem.body(`urn:uuid:${request.id}`));
}

function known(error: FastifyError): Problem | undefined {
  if (error.validation) return new Problem('INVALID_BODY', fields(error));
  if (error.statusCode === 413) return new Problem('TOO_LARGE', `The body may have at most ${BODY_LIMIT} bytes.`);
  if (error.statusCode === 415) return new Problem('INVALID_BODY', 'The body must be application/json.', {}, 415);
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new Problem('INVALID_BODY', 'The body is empty.', {}, 400);
  if (error.statusCode === 400)
    return new Problem('INVALID_BODY', 'The request is not well-formed JSON over HTTP.', {}, 400);
  return undefined;
}

const MOST_FIELDS = 20;

function fields(error: FastifyError): string {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body');
  const lines = (error.validation ?? []).slice(0, MOST_FIELDS).map(one => {
    const field = [part, ...one.instancePath.split('/').slice(1)].join('.');
    const extra = 'additionalProperty' in one.params ? ` (${String(one.params['additionalProperty'])})` : '';
    return `${field}: ${one.message ?? 'not valid'}${extra}`;
  });
  return lines.join('; ');
}

function internal(error: Error, request: FastifyRequest): Problem {
  request.log.error({ err: error }, 'unforeseen error');
  return new Problem('INTERNAL', `This is not your fault. An administrator finds more in the log under ${request.id}.`);
}
