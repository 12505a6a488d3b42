import type { FastifyBaseLogger } from 'fastify';
import { pino, stdSerializers, type DestinationStream } from 'pino';

/**
 * Log as JSON lines. Bodies and headers are never given to it; whatever slips in under these names is cut out.
 * @param destination - default stdout
 */
export function createLogger(destination?: DestinationStream): FastifyBaseLogger {
  const secret = [
    'authorization',
    'cookie',
    'set-cookie',
    'token',
    'body',
    'headers',
    'storage',
    'privateKey',
    'key',
    'password'
  ];
  const options = {
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
    redact: { paths: secret.flatMap(name => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
    serializers: { err: describeError, req: () => undefined, res: () => undefined }
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Type, message and stack: further fields of an error, such as the parameters of a query, may hold anything. */
function describeError(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as NodeJS.ErrnoException;
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
