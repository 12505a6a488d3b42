#!/usr/bin/env node
// node scripts/crash-rounds.mjs [ROUNDS] [FOLDER]: kills a writer under load with SIGKILL at a random moment, again and again on
// one log, and looks after each time whether all that it answered is there. Prints each round; fails at the first loss.
// Needs a build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createKeyPair, sign, verifyLog } from '../dist/index.js';
import { realDisk } from '../dist/embedded/disk.js';
import { openLedgerOn } from '../dist/embedded/open.js';

// So small that the writer is also killed between two segments and in the middle of a snapshot.
const small = { disk: realDisk, segmentSize: 30_000, snapshotEvery: 20 };

if (process.argv[2] === 'writer') await write(process.argv[3], process.argv[4]);
else await rounds(Number(process.argv[2] ?? 200), process.argv[3]);

/** The writer: eight clients that publish datasets until they are killed; tells what was answered. */
async function write(folder, round) {
  const ledger = await openLedgerOn(small, { folder });
  const keys = createKeyPair();
  const organization = `org-${round}`;
  const submit = async (id, command) => {
    const envelope = { id, organization, user: 'kari', time: Date.now(), command };
    const answer = await ledger.submit(sign(envelope, keys.privateKey));
    if (!answer.ok) throw new Error(answer.message);
    process.stdout.write(`${answer.index} ${id}\n`);
  };
  await submit(`join-${round}`, { type: 'organization.join', name: 'Organization', publicKey: keys.publicKey });
  const policy = { concurrency: 1, approval: 'auto', maxDuration: 1000, renewals: 0, purposes: [], organizations: [] };
  const lane = async lane => {
    for (let n = 0; ; n++) {
      const dataset = ['d', round, lane, n].join('-');
      await submit(dataset, { type: 'dataset.publish', dataset, policy, description: {}, sealed: 'a'.repeat(64) });
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, n) => lane(n)));
}

async function rounds(count, given) {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'crash-')));
  const answered = new Map();
  try {
    for (let round = 1; round <= count; round++) {
      const enough = 10 + Math.floor(Math.random() * 60);
      await killAfter(enough, folder, round, answered);
      const { size, unfinished } = await check(folder, answered);
      console.log(
        `round ${round}: killed after ${enough} answers; ${size} entries, ${unfinished} bytes unfinished, all there`
      );
    }
    console.log(`${count} rounds, ${answered.size} answers, 0 lost`);
  } finally {
    if (given === undefined) await rm(folder, { recursive: true });
  }
}

async function killAfter(enough, folder, round, answered) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'writer', folder, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH }
  });
  const exit = once(child, 'exit');
  let heard = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [index, id] = line.split(' ');
    answered.set(Number(index), id);
    heard += 1;
    // A moment later, so that it is not always killed right after an answer.
    if (heard === enough) setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
  }
  const [code, signal] = await exit;
  if (signal !== 'SIGKILL') throw new Error(`round ${round}: the writer ended by itself with ${code ?? signal}`);
}

/** Verifies the log as it was left, then opens it and looks for each answer. */
async function check(folder, answered) {
  const verified = await verifyLog(folder);
  if (!verified.ok) throw new Error(`${verified.file}, entry ${verified.entry}: ${verified.problem}`);
  const ledger = await openLedgerOn(small, { folder });
  const kept = new Map();
  for await (const { index, signed } of ledger.entries()) kept.set(index, signed.envelope.id);
  await ledger.close();
  for (const [index, id] of answered)
    if (kept.get(index) !== id) throw new Error(`entry ${index}, ${id}, was answered and is lost`);
  return { size: kept.size, unfinished: verified.unfinished };
}
