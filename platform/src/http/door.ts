import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { Problem } from '@jupyterflow/schema';
import type { FastifyInstance } from 'fastify';

/** Where requests come in. */
export interface Door {
  /** From now on the application answers. */
  open(app: FastifyInstance): Promise<void>;
  /** Takes no more requests and ends those that are going. */
  close(): Promise<void>;
}

/**
 * Listens before the application is ready, and answers 503 until it is: JupyterHub gives a service ten seconds to listen,
 * and a first start, which makes the database, may take longer than that on a busy machine.
 */
export async function listen(at: { readonly host: string; readonly port: number }): Promise<Door> {
  let answer: RequestListener = (_, response) => starting(response);
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    open: async app => {
      await app.ready();
      answer = (request, response) => app.routing(request, response);
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

function starting(response: ServerResponse): void {
  const problem: Problem = {
    type: 'https://jupyterflow.io/problems/ENGINE_UNAVAILABLE',
    title: 'The platform is starting',
    status: 503,
    detail: 'The platform is starting. Try again in a moment.',
    code: 'ENGINE_UNAVAILABLE'
  };
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'retry-after': '1'
  });
  response.end(JSON.stringify(problem));
}
