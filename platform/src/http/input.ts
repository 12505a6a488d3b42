import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Checks and conversions of what comes in, before the schemas look at it. */
export function inputChecks(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _, done) => {
    const schema = request.routeOptions.schema?.querystring as
      { properties?: Record<string, { type?: string }> } | undefined;
    const types = schema?.properties ?? {};
    const query = Object.fromEntries(
      Object.entries(request.query as Record<string, unknown>).map(([name, value]) => [
        name,
        converted(value, types[name]?.type)
      ])
    );
    request.query = query;
    const bad = unfit({ params: request.params, query, body: request.body }, '', 0);
    done(bad === undefined ? undefined : new Problem('INVALID_BODY', bad));
  });
}

/** A query knows only texts. */
function converted(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^\d{1,9}$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

// Neither PostgreSQL nor canonical JSON has a place for these.
const NO_TEXT = /\0|\p{Surrogate}/u;
// Far more than any shape of the API has; what validates or stores the value recurses.
const DEEPEST = 40;

/** What no schema says: texts that can't be stored, and nesting without end. */
function unfit(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value === 'string') return NO_TEXT.test(value) ? `${path}: has a character that is no text` : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEEPEST) return `${path.slice(0, 100)}...: is nested too deeply`;
  for (const [key, inner] of Object.entries(value)) {
    if (NO_TEXT.test(key)) return `${path}: has a name that is no text`;
    const found = unfit(inner, path === '' ? key : `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
