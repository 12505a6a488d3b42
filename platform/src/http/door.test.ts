import fastify from 'fastify';
import { createServer, type AddressInfo } from 'node:net';
import { listen } from './door.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

test('answers 503 while the application starts, then lets it answer, then nothing', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hello`;
  const door = await listen({ host: '127.0.0.1', port });

  const early = await fetch(url);
  expect(early.status).toBe(503);
  expect(early.headers.get('retry-after')).toBe('1');
  expect(await early.json()).toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    detail: 'The platform is starting. Try again in a moment.'
  });

  const app = fastify();
  app.get('/hello', () => 'hello');
  await door.open(app);
  expect(await (await fetch(url)).text()).toBe('hello');

  await door.close();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a port that is taken is an error', async () => {
  const port = await freePort();
  const door = await listen({ host: '127.0.0.1', port });
  await expect(listen({ host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
  await door.close();
});
