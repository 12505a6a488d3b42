import type { FastifyRequest } from 'fastify';
import { memberOfRequest } from '../auth/guard.js';
import type { Intent } from '../ledger/command-id.js';
import { pathOf } from './errors.js';
import { Problem } from './problem.js';

/** What a request wants done, with its Idempotency-Key. @throws Problem INVALID_BODY for a key that is none */
export function intentOf(request: FastifyRequest): Intent {
  const { user, organization } = memberOfRequest(request);
  const key = request.headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))) {
    throw new Problem('INVALID_BODY', 'Idempotency-Key: must be 1 to 200 visible ASCII characters');
  }
  return {
    organization: organization.id,
    user,
    route: `${request.method} ${pathOf(request.url)}`,
    body: [request.body ?? null, request.headers['if-match'] ?? null],
    key
  };
}

/** The version in If-Match. @throws Problem VERSION_CONFLICT: 428 without one, 412 with one that can't be current */
export function versionOf(request: FastifyRequest): number {
  const tag = request.headers['if-match'];
  if (tag === undefined)
    throw new Problem('VERSION_CONFLICT', 'Send the ETag of the dataset that you saw as If-Match.', {}, 428);
  const [, version] = /^"(\d{1,9})"$/.exec(tag) ?? [];
  if (version === undefined)
    throw new Problem('VERSION_CONFLICT', 'If-Match is no ETag of a dataset. Read the dataset again.');
  return Number(version);
}
