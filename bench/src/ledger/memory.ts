import { Giver, openLedger, submitAll } from './load.js';

// Fills a ledger, opens it again, and prints how much memory this process has then, MiB: run in a process of its own.
const folder = process.argv[2] ?? '';
const uio = new Giver('uio');
const BUNCH = 5000;

const first = await openLedger(folder);
await first.submit(uio.joins());
for (let n = 0; n < 100_000; n += BUNCH) {
  await submitAll(
    first,
    Array.from({ length: BUNCH }, (_, i) => uio.publishes(`d${n + i}`)),
    256
  );
}
for (let n = 0; n < 10_000; n += BUNCH) {
  await submitAll(
    first,
    Array.from({ length: BUNCH }, (_, i) => uio.requests(`l${n + i}`, `d${n + i}`)),
    256
  );
}
// The most that the process ever had, with the commands that were signed here and the snapshots.
const { maxRSS } = process.resourceUsage();
await first.close();
process.stdout.write(`${Math.round(maxRSS / 1024)}\n`);
