import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { checkPorts, portsFrom } from './ports.js';

test('the four ports follow each other', () => {
  expect(portsFrom(8000)).toEqual({ web: 8000, hub: 8001, proxy: 8002, platform: 8003 });
});

test('a port that is taken is named, with what it is for and how to mend it', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(checkPorts(portsFrom(port))).rejects.toThrow(
    `PORT_IN_USE: port ${port}, needed for the web page, is in use by another program. Stop that program, or choose other ports with --port N (N to N+3 are used).`
  );
  await new Promise(resolve => server.close(resolve));
});
