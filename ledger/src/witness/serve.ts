import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Witness } from './witness.js';

/** Largest body, bytes: the largest entry in base64, and the proofs. */
const MAX_BODY = 1024 * 1024;

/** Listens for `POST /add-checkpoint`; resolves when it does. */
export async function serveWitness(
  witness: Pick<Witness, 'addCheckpoint'>,
  listen: { readonly host: string; readonly port: number }
): Promise<Server> {
  const server = createServer((request, response) => {
    answer(witness, request).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('INTERNAL: the witness could not write\n')
    );
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(witness: Pick<Witness, 'addCheckpoint'>, request: IncomingMessage): Promise<Answer> {
  const type = 'text/plain; charset=utf-8';
  if (request.url !== '/add-checkpoint') {
    return { status: 404, type, body: 'NOT_FOUND: ask for /add-checkpoint\n' };
  }
  if (request.method !== 'POST') {
    return { status: 405, type, body: 'METHOD: use POST\n' };
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) {
      return { status: 413, type, body: 'TOO_LARGE: at most 1 MiB\n' };
    }
    chunks.push(chunk);
  }
  return witness.addCheckpoint(Buffer.concat(chunks).toString());
}
