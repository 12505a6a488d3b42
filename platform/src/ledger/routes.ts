import { Readable } from 'node:stream';
import { logLine, type Ledger } from '@jupyterflow/ledger';
import type { FastifyInstance } from 'fastify';
import { problems } from '../http/schemas.js';

/** `/ledger`: the log as it is, for who verifies it with `jupyterflow-ledger verify`. */
export function ledgerRoutes(app: FastifyInstance, api: string, ledger: Ledger): void {
  app.get(
    `${api}ledger/checkpoint`,
    {
      config: { operation: 'ledger:checkpoint' },
      schema: { summary: 'The last signed checkpoint: a C2SP signed note', response: { ...problems } }
    },
    async (_, reply) => reply.type('text/plain; charset=utf-8').send(await ledger.checkpoint())
  );
  app.get(
    `${api}ledger/entries`,
    {
      config: { operation: 'ledger:entries' },
      schema: { summary: 'All entries of the log, one a line with its hash', response: { ...problems } }
    },
    (_, reply) => reply.type('application/x-ndjson').send(Readable.from(lines(ledger)))
  );
}

async function* lines(ledger: Ledger): AsyncGenerator<Buffer, void> {
  for await (const entry of ledger.entries()) yield logLine(entry);
}
