import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../scenario.js';
import { openEmbeddedLedger } from './open.js';
import { verifyLog } from './verify.js';

// Runs the built package: the child is a process of its own, and there jest's transform is not.
const index = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const writer = `
  import { createKeyPair, openEmbeddedLedger, sign } from ${JSON.stringify(index)};
  const [folder, round] = process.argv.slice(1);
  const ledger = await openEmbeddedLedger({ folder });
  const keys = createKeyPair();
  const organization = 'org-' + round;
  const submit = async (id, command) => {
    const envelope = { id, organization, user: 'kari', time: Date.now(), command };
    const answer = await ledger.submit(sign(envelope, keys.privateKey));
    if (!answer.ok) throw new Error(answer.message);
    process.stdout.write(answer.index + ' ' + id + '\\n');
  };
  await submit('join-' + round, { type: 'organization.join', name: 'Organization', publicKey: keys.publicKey });
  const policy = { concurrency: 1, approval: 'auto', maxDuration: 1000, renewals: 0, purposes: [], organizations: [] };
  await Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let n = 0; ; n++) {
      const dataset = ['d', round, lane, n].join('-');
      await submit(dataset, { type: 'dataset.publish', dataset, policy, description: {}, sealed: 'a'.repeat(64) });
    }
  }));
`;

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

test('a writer that is killed under load loses nothing that it answered', async () => {
  const answered = new Map<number, string>();
  for (const [round, enough] of [20, 75, 130].entries()) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer, folder, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] }
    });
    const exit = once(child, 'exit');
    let count = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const [at, id] = line.split(' ');
      answered.set(Number(at), id!);
      count += 1;
      if (count === enough) {
        child.kill('SIGKILL');
      }
    }
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(await verifyLog(folder)).toMatchObject({ ok: true });
  }
  const ledger = await openEmbeddedLedger({ folder });
  const kept = new Map<number, string>();
  for await (const entry of ledger.entries()) {
    kept.set(entry.index, entry.signed.envelope.id);
  }
  await ledger.close();
  expect([...answered].filter(([at, id]) => kept.get(at) !== id)).toEqual([]);
  expect(answered.size).toBeGreaterThanOrEqual(225);
}, 30_000);
