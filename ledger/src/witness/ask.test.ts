import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askOverHttp } from './ask.js';

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

async function witness(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;

test('a reply is read with its status', async () => {
  const url = await witness((request, response) => {
    response.writeHead(request.url === '/add-checkpoint' ? 409 : 404).end('3\n');
  });
  expect(await askOverHttp(`${url}/`, 'body', never)).toEqual({ status: 409, body: '3\n' });
});

test('an empty reply is one', async () => {
  const url = await witness((_request, response) => response.writeHead(204).end());
  expect(await askOverHttp(url, 'body', never)).toEqual({ status: 204, body: '' });
});

test('a reply without end is cut off after some KB', async () => {
  let closed: Promise<unknown> | undefined;
  const url = await witness((_request, response) => {
    closed = once(response, 'close');
    const more = (): void => {
      while (response.write(Buffer.alloc(1000, 'a')));
    };
    response.on('drain', more);
    more();
  });
  await expect(askOverHttp(url, 'body', never)).rejects.toThrow('its reply is longer than 10000 bytes');
  await closed;
});

test('a reply that stops in the middle ends with the signal', async () => {
  const limit = new AbortController();
  const url = await witness((_request, response) => response.write('3', () => limit.abort()));
  await expect(askOverHttp(url, 'body', limit.signal)).rejects.toThrow('aborted');
});
