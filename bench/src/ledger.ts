import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyLog, type Ledger } from '@jupyterflow/ledger';
import { checkSignatures } from './ledger/signatures.js';
import { Giver, openLedger, quantile, submitAll } from './ledger/load.js';
import { table } from './measure.js';

type Row = readonly [what: string, measured: string, target: string];

const CLIENTS = 64;
const ENTRIES = 100_000;

/**
 * The ledger of one process, on a disk with fsync. Commands are signed before they are timed: in a consortium that is done
 * on other machines.
 * @param full - also grows a log to a million entries, which takes some minutes
 */
export async function ledger(full = false): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ledger-'));
  try {
    const rows = [
      ...(await load(join(folder, 'load'))),
      ...(await race(join(folder, 'race'))),
      ...(await large(join(folder, 'large'))),
      ...memory(join(folder, 'memory')),
      ...(await growth(join(folder, 'growth'), full))
    ];
    const busy = `load average ${loadavg()
      .map(one => one.toFixed(1))
      .join(' ')}`;
    return `${table([['', 'measured', 'must reach'], ...rows])}\n${busy}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Leases a second, and the time until winners and losers know. */
async function load(folder: string): Promise<Row[]> {
  const ledger = await openLedger(folder);
  const uio = new Giver('uio');
  await ledger.submit(uio.joins());
  const count = 10_000;
  const names = Array.from({ length: count }, (_, n) => `d${n}`);
  await submitAll(
    ledger,
    names.map(name => uio.publishes(name)),
    CLIENTS
  );
  const many = await submitAll(
    ledger,
    names.map(name => uio.requests(`l-${name}`, name)),
    CLIENTS
  );
  const losers = await submitAll(
    ledger,
    names.slice(0, 5000).map(name => uio.requests(`m-${name}`, name, 'per')),
    CLIENTS
  );
  const one = await submitAll(
    ledger,
    names.slice(0, 500).map(name => uio.releases(`l-${name}`)),
    1
  );
  const lone = await submitAll(
    ledger,
    names.slice(500, 1000).map(name => uio.requests(`n-${name}`, name, 'per')),
    1
  );
  await ledger.close();
  if (many.accepted !== count || losers.accepted + lone.accepted > 0)
    throw new Error('the ledger leased the wrong ones');
  const ms = ({ latencies }: typeof many): string =>
    `p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms`;
  return [
    ['committed leases/s, 64 clients', (count / many.seconds).toFixed(0), '>= 3000'],
    ['time to verdict, 1 client, winners', ms(one), 'p50 < 5 ms'],
    ['time to verdict, 1 client, losers', ms(lone), 'p50 < 5 ms'],
    ['time to verdict, 64 clients, winners', ms(many), 'p50 < 25 ms'],
    ['time to verdict, 64 clients, losers', ms(losers), 'p50 < 25 ms']
  ];
}

/** Eight ask for one dataset at once, again and again: one gets it, the others are told who has it and until when. */
async function race(folder: string): Promise<Row[]> {
  const ledger = await openLedger(folder);
  const uio = new Giver('uio');
  await ledger.submit(uio.joins());
  await ledger.submit(uio.publishes('d'));
  const rounds = 1000;
  let [double, told, losers] = [0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const racers = Array.from({ length: 8 }, (_, n) => uio.requests(`l-${round}-${n}`, 'd', `person-${n}`));
    const answers = await Promise.all(racers.map(command => ledger.submit(command)));
    const won = answers.findIndex(({ ok }) => ok);
    double += answers.filter(({ ok }) => ok).length - 1;
    for (const answer of answers)
      if (!answer.ok) {
        losers += 1;
        told += answer.code === 'LEASED' && answer.holder !== undefined ? 1 : 0;
      }
    const released = await ledger.submit(uio.releases(`l-${round}-${won}`, `person-${won}`));
    if (!released.ok) throw new Error(released.message);
  }
  const entries = await sizeOf(ledger);
  await ledger.close();
  return [
    ['race of 8, 1,000 rounds: double grants', String(double), '0'],
    ['losers told holder and end', `${told} of ${losers}`, 'all'],
    ['wasted entries', String(entries - 2 - 2 * rounds), '0']
  ];
}

/** A log of 100,000 entries: to verify it, and to open it again. */
async function large(folder: string): Promise<Row[]> {
  const ledger = await openLedger(folder);
  await grow(ledger, ENTRIES);
  const proof = JSON.stringify(await ledger.proof(ENTRIES / 2)).length;
  // As a kill would leave it: the last snapshot is some thousand entries behind.
  const killed = `${folder}-killed`;
  await cp(folder, killed, { recursive: true, filter: path => !path.includes('lock') });
  await ledger.close();
  const open = async (path: string): Promise<string> => {
    const start = performance.now();
    await (await openLedger(path)).close();
    return `${((performance.now() - start) / 1000).toFixed(2)} s`;
  };
  const [stopped, after] = [await open(folder), await open(killed)];
  const start = performance.now();
  const result = await verifyLog(folder);
  const seconds = (performance.now() - start) / 1000;
  if (!result.ok || result.size !== ENTRIES) throw new Error('the log does not verify');
  const bare = await checkSignatures(ENTRIES);
  return [
    ['verify 100,000 entries', `${seconds.toFixed(1)} s, ${(seconds / bare).toFixed(2)} times`, '< 10 s'],
    ['bare: OpenSSL checks 100,000 signatures', `${bare.toFixed(1)} s, 1.00 times`, ''],
    ['one inclusion proof', `${proof} bytes`, '< 2 KB'],
    ['restart with 100,000 entries', stopped, '< 2 s'],
    ['restart after a kill', after, '< 2 s']
  ];
}

/** In a process of its own. */
function memory(folder: string): Row[] {
  const script = fileURLToPath(new URL('./ledger/memory.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return [['memory, 100,000 datasets, 10,000 live leases', `${stdout.trim()} MiB`, '< 512 MiB']];
}

/** The time for a lease at some sizes of the log: it must not grow with the size. */
async function growth(folder: string, full: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  let first: number | undefined;
  const ledger = await openLedger(folder);
  const give = await grow(ledger, 0);
  for (const size of [1e3, 1e4, 1e5, ...(full ? [1e6] : [])]) {
    await give(size);
    const count = 1000;
    const names = Array.from({ length: count }, (_, n) => `g-${size}-${n}`);
    await submitAll(
      ledger,
      names.map(name => give.by.publishes(name)),
      CLIENTS
    );
    const { seconds } = await submitAll(
      ledger,
      names.map(name => give.by.requests(`l-${name}`, name)),
      CLIENTS
    );
    const each = (seconds / count) * 1e6;
    first ??= each;
    rows.push([
      `time for a lease at ${size} entries`,
      `${each.toFixed(0)} us, ${(each / first).toFixed(2)} times`,
      '< 1.5 times'
    ]);
  }
  await ledger.close();
  return full
    ? rows
    : [...rows, ['time for a lease at 1000000 entries', 'skipped: it takes minutes; use --full', '< 1.5 times']];
}

/** Leases and releases until a log has a number of entries. */
async function grow(ledger: Ledger, to: number): Promise<((size: number) => Promise<void>) & { readonly by: Giver }> {
  const by = new Giver('uio');
  await ledger.submit(by.joins());
  const datasets = Array.from({ length: CLIENTS }, (_, n) => `d${n}`);
  await submitAll(
    ledger,
    datasets.map(name => by.publishes(name)),
    CLIENTS
  );
  let lease = 0;
  const until = async (size: number): Promise<void> => {
    for (let left = size - (await sizeOf(ledger)); left > 0; left = size - (await sizeOf(ledger))) {
      const ids = Array.from({ length: Math.ceil(Math.min(left, 2 * CLIENTS) / 2) }, () => {
        lease += 1;
        return [`x${lease}`, datasets[lease % CLIENTS] ?? ''] as const;
      });
      await submitAll(
        ledger,
        ids.map(([id, name]) => by.requests(id, name)),
        CLIENTS
      );
      await submitAll(
        ledger,
        ids.slice(0, left - ids.length).map(([id]) => by.releases(id)),
        CLIENTS
      );
    }
  };
  await until(to);
  return Object.assign(until, { by });
}

async function sizeOf(ledger: Ledger): Promise<number> {
  return Number((await ledger.checkpoint()).split('\n')[1]);
}
