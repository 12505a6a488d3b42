import { createServer } from 'node:net';

/** A port that is needed is taken by something else. */
export class PortInUse extends Error {
  constructor(port: number, what: string) {
    super(
      `PORT_IN_USE: port ${port}, needed for ${what}, is in use by another program. Stop that program, or choose other ports with --port N (N to N+3 are used).`
    );
    this.name = 'PortInUse';
  }
}

/** The ports of one machine, all on loopback. */
export interface Ports {
  readonly web: number;
  readonly hub: number;
  readonly proxy: number;
  readonly platform: number;
}

/** The four ports from `first` on. */
export function portsFrom(first: number): Ports {
  return { web: first, hub: first + 1, proxy: first + 2, platform: first + 3 };
}

/** @throws {@link PortInUse} for the first of them that can't be listened on */
export async function checkPorts(ports: Ports): Promise<void> {
  await checkPort(ports.web, 'the web page');
  await checkPort(ports.hub, 'the Hub');
  await checkPort(ports.proxy, 'the proxy');
  await checkPort(ports.platform, 'the platform');
}

async function checkPort(port: number, what: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', () => reject(new PortInUse(port, what)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve()));
  });
}
