import { jest } from '@jest/globals';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignedCommand } from '../commands.js';
import type { LedgerError } from '../errors.js';
import type { Ledger, Receipt, Refusal } from '../ledger.js';
import { Party, scratchFolder } from '../scenario.js';
import { realDisk } from './disk.js';
import { FaultyDisk, type Fault } from './faulty-disk.js';
import { inspect } from './fsck.js';
import { openEmbeddedLedger, openLedgerOn } from './open.js';
import { verifyLog } from './verify.js';

const NOW = Date.UTC(2026, 0, 1);
const options = { clock: () => NOW, origin: 'test' };
// So small that a new segment begins and a snapshot is made with every few entries.
const small = { segmentSize: 1500, snapshotEvery: 2 };

const owner = new Party('uis', 'ola');
const holder = new Party('uio', 'kari');
const commands = [
  owner.joins(NOW),
  holder.joins(NOW),
  owner.publishes('d', NOW),
  holder.signs({ type: 'lease.request', lease: 'l', dataset: 'd', purpose: 'p', duration: 1000 }, NOW),
  holder.signs({ type: 'lease.release', lease: 'l' }, NOW)
];

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What was answered before the disk failed, and how it failed. */
interface Played {
  readonly receipts: readonly (Receipt | Refusal)[];
  readonly error?: LedgerError;
}

/** Gives the commands one after another until one is not answered. */
async function play(ledger: Ledger, signed: readonly SignedCommand[]): Promise<Played> {
  const receipts: (Receipt | Refusal)[] = [];
  for (const command of signed) {
    try {
      receipts.push(await ledger.submit(command));
    } catch (error) {
      return { receipts, error: error as LedgerError };
    }
  }
  return { receipts };
}

async function playOn(disk: FaultyDisk, path: string): Promise<Played> {
  let ledger: Ledger;
  try {
    ledger = await openLedgerOn({ disk, ...small }, { ...options, folder: path });
  } catch (error) {
    return { receipts: [], error: error as LedgerError };
  }
  const played = await play(ledger, commands);
  expect(ledger.state().state).toBe(played.error === undefined ? 'serving' : 'read-only');
  // What was answered can be read on, whatever the disk does.
  const ids: string[] = [];
  for await (const { signed } of ledger.entries()) {
    ids.push(signed.envelope.id);
  }
  expect(ids).toEqual(commands.slice(0, played.receipts.length).map(({ envelope }) => envelope.id));
  await ledger.close();
  return played;
}

const whole = { ok: true, size: commands.length, covered: commands.length };

// Snapshots that can't be written are warned of; the tests cause many.
beforeAll(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
});

describe.each<[string, Fault]>([
  ['a full disk', 'ENOSPC'],
  ['a broken disk', 'EIO'],
  ['a disk that is full in the middle of a write', 'torn']
])('%s, at every write call in turn', (_what, fault) => {
  test('makes the ledger read-only, and nothing that was answered is lost', async () => {
    const calls = new Set<string>();
    for (let n = 0; ; n++) {
      const path = join(folder, String(n));
      const disk = new FaultyDisk(n, fault);
      const { receipts, error } = await playOn(disk, path);
      if (disk.calls.length <= n) {
        // How many exactly depends on time: a snapshot that is due while one is being made waits for the next write.
        expect(n).toBeGreaterThan(12 * commands.length);
        break;
      }
      calls.add(disk.calls[n]!);
      // What is only a cache may fail when all else is kept.
      const kept = receipts.length === commands.length;
      expect([disk.calls[n], error?.code ?? 'none']).toEqual([
        disk.calls[n],
        expect.stringMatching(kept ? /^none$/ : /^(READ_ONLY|IO)$/)
      ]);
      const mended = await openEmbeddedLedger({ ...options, folder: path });
      const again = await play(mended, commands);
      await mended.close();
      expect(again.receipts.slice(0, receipts.length)).toEqual(receipts);
      expect(again.receipts).toMatchObject(commands.map((_, index) => ({ ok: true, index })));
      expect(await verifyLog(path)).toMatchObject({ ...whole, unfinished: 0 });
      await rm(path, { recursive: true });
    }
    // The calls that matter were all among them.
    expect([...calls]).toEqual(
      expect.arrayContaining([
        'write log.jsonl',
        'fdatasync log.jsonl',
        expect.stringMatching(/^open log\.0{11}\d\.jsonl$/),
        'write cache.events',
        'open checkpoint.new',
        'write checkpoint.new',
        'fsync checkpoint.new',
        'rename checkpoint',
        'write cache.snapshot.new',
        'rename cache.snapshot'
      ])
    );
  }, 60_000);
});

test('a disk that takes half of each write in turn: nothing of it shows', async () => {
  for (let n = 0; ; n++) {
    const path = join(folder, String(n));
    const disk = new FaultyDisk(n, 'short');
    expect(await playOn(disk, path)).toMatchObject({ receipts: commands.map((_, index) => ({ ok: true, index })) });
    expect(await verifyLog(path)).toMatchObject({ ...whole, unfinished: 0 });
    await rm(path, { recursive: true });
    if (disk.calls.length <= n) {
      expect(n).toBeGreaterThan(80);
      break;
    }
  }
}, 60_000);

test('a ledger that became read-only tells why, and how to mend it', async () => {
  const counting = new FaultyDisk(Infinity, 'EIO');
  await (await openLedgerOn({ disk: counting, ...small }, { ...options, folder })).close();
  const ledger = await openLedgerOn({ disk: new FaultyDisk(4, 'EIO'), ...small }, { ...options, folder });
  const { error } = await play(ledger, commands);
  expect(error?.code).toBe('READ_ONLY');
  expect(ledger.state()).toEqual({ state: 'read-only', reason: error?.message });
  expect(error?.message).toMatch(/^The ledger could not be written \(EIO: .*\) and is read-only now\. Mend the disk, /);
  await ledger.close();
  expect(ledger.state()).toEqual({ state: 'closed' });
});

describe('the caches', () => {
  const open = (path = folder) => openLedgerOn({ disk: realDisk, ...small }, { ...options, folder: path });

  async function all(ledger: Ledger): Promise<unknown[]> {
    const entries: unknown[] = [];
    for await (const entry of ledger.entries()) {
      entries.push(entry);
    }
    return [...entries, await ledger.organization('uis'), await ledger.checkpoint()];
  }

  async function told(ledger: Ledger): Promise<unknown[]> {
    return [...(await all(ledger)), await ledger.dataset('d'), await ledger.lease('l')];
  }

  async function written(): Promise<unknown[]> {
    const ledger = await open();
    await play(ledger, commands);
    const before = await told(ledger);
    await ledger.close();
    return before;
  }

  const files = ['cache.snapshot', 'cache.events'];

  test.each(files)('%s that is missing is made anew', async file => {
    const before = await written();
    await rm(join(folder, file));
    const ledger = await open();
    expect(await told(ledger)).toEqual(before);
    await ledger.close();
    const again = await open();
    expect(await told(again)).toEqual(before);
    await again.close();
  });

  test.each(files)(
    'a flipped bit anywhere in %s is found, and mended by the next opening',
    async file => {
      const ledger = await open();
      await play(ledger, commands.slice(0, 1));
      const before = await all(ledger);
      await ledger.close();
      const path = join(folder, file);
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << (at % 8);
        await writeFile(path, flipped);
        const { ok, findings } = await inspect(folder);
        const [finding] = findings;
        expect([at, ok, finding?.file, finding?.severity]).toEqual([at, true, file, 'mends itself']);
        const mended = await open();
        expect([at, await all(mended)]).toEqual([at, before]);
        await mended.close();
        expect([at, await readFile(path)]).toEqual([at, bytes]);
      }
      expect((await inspect(folder)).findings).toEqual([]);
    },
    120_000
  );

  test('a snapshot of another history under the same key is none', async () => {
    const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
    await (await open(ours)).close();
    await cp(ours, theirs, { recursive: true });
    const [a, b] = [await open(ours), await open(theirs)];
    await play(a, commands);
    await play(b, [owner.joins(NOW), owner.publishes('e', NOW), owner.publishes('f', NOW)]);
    const before = await told(a);
    await Promise.all([a.close(), b.close()]);
    for (const file of files) {
      await cp(join(theirs, file), join(ours, file));
    }
    const ledger = await open(ours);
    expect(await told(ledger)).toEqual(before);
    expect(await ledger.dataset('e')).toBeUndefined();
    await ledger.close();
  });

  test('damage of the events while the ledger is open is told when the entry is read, with how to mend it', async () => {
    const before = await written();
    const ledger = await open();
    const path = join(folder, 'cache.events');
    const bytes = await readFile(path);
    bytes[bytes.indexOf('"lease.requested"') + 3]! ^= 1;
    await writeFile(path, bytes);
    await expect(told(ledger)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: `The log in ${folder} is damaged: cache.events, of entry 3. Open the ledger again: it is made anew.`
    });
    await ledger.close();
    const mended = await open();
    expect(await told(mended)).toEqual(before);
    await mended.close();
  });

  test('events that end too early are found, and made anew', async () => {
    const before = await written();
    const path = join(folder, 'cache.events');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.lastIndexOf('\n', -2) + 1));
    expect(await inspect(folder)).toMatchObject({
      ok: true,
      findings: [
        { file: 'cache.events', problem: 'it ends before entry 4; the next opening makes it anew from the log' }
      ]
    });
    const ledger = await open();
    expect(await told(ledger)).toEqual(before);
    await ledger.close();
  });
});
