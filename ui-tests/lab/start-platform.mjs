// Starts a platform with an empty state folder, until it is told to stop. Everything in it is real but the Hub: a token
// `<user>.<group>` is that user's, in that group.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { organizations } from '@jupyterflow/hub';
import { createPlatform } from '@jupyterflow/platform';

const url = new URL(process.env.JUPYTERFLOW_LAB_PLATFORM);
const state = await mkdtemp(join(tmpdir(), 'jupyterflow-lab-platform-'));

for (const { id } of organizations) {
  for (const path of ['penguins', 'sea/whales']) {
    const folder = join(state, 'data', id, path);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'data.csv'), 'species\nAdelie\n');
  }
}

/** As the Hub does, it makes the home of a person who is seen for the first time. */
async function identify(token) {
  const [name, group] = token.split('.');
  if (group === undefined) return undefined;
  await mkdir(join(state, 'homes', name), { recursive: true });
  return { name, kind: 'user', groups: [group], scopes: ['access:services!service=platform'] };
}

const platform = await createPlatform({ organizations, state, identify });
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await platform.close();
    await rm(state, { recursive: true, force: true });
    process.exit(0);
  });
}
await platform.app.listen({ host: url.hostname, port: Number(url.port) });
