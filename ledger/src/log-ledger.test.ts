import { jest } from '@jest/globals';
import { Finality } from './finality.js';
import type { Entry } from './ledger.js';
import { createKeyPair } from './keys.js';
import { LogLedger, type KeptEntry, type LogStorage } from './log-ledger.js';
import { nobody } from './memory.js';
import { MerkleTree } from './merkle/tree.js';
import { signCheckpoint } from './note/checkpoint.js';
import { Replica } from './replica.js';
import { Party } from './scenario.js';

const NOW = Date.UTC(2026, 0, 1);

/** Storage whose writes end when the test says so. */
class HeldStorage implements LogStorage {
  readonly writes: { readonly entries: readonly KeptEntry[]; readonly end: (error?: Error) => void }[] = [];
  closed = false;
  #arrived: (() => void) | undefined;

  keep(entries: readonly KeptEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.writes.push({ entries, end: error => (error === undefined ? resolve() : reject(error)) });
      this.#arrived?.();
    });
  }

  async write(n: number): Promise<HeldStorage['writes'][number]> {
    while (this.writes.length <= n) {
      await new Promise<void>(resolve => (this.#arrived = resolve));
    }
    return this.writes[n]!;
  }

  async *entries(): AsyncGenerator<Entry, void> {
    // No test of these reads what was kept.
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function heldLedger(clock = () => NOW) {
  const storage = new HeldStorage();
  const { privateKey } = createKeyPair();
  const tree = new MerkleTree();
  const origin = 'test';
  const checkpoint = signCheckpoint({ origin, size: 0, root: tree.root() }, privateKey);
  const replica = new Replica();
  const finality = new Finality(nobody(replica, tree), { note: checkpoint, size: 0 });
  const ledger = new LogLedger({ storage, replica, tree, checkpoint, origin, privateKey, clock, finality });
  return { storage, ledger, checkpoint };
}

const uio = new Party('uio', 'kari');
const uis = new Party('uis', 'ola');

test('what arrives during a write is kept by the next one, together', async () => {
  const { storage, ledger } = heldLedger();
  const first = ledger.submit(uio.joins(NOW));
  const write = await storage.write(0);
  const others = ['a', 'b', 'c'].map(id => ledger.submit(uio.publishes(id, NOW)));
  write.end();
  expect(await first).toMatchObject({ ok: true, index: 0 });
  const next = await storage.write(1);
  expect(next.entries).toHaveLength(3);
  next.end();
  expect(await Promise.all(others)).toMatchObject([{ index: 1 }, { index: 2 }, { index: 3 }]);
});

test('nobody sees an entry before it is kept', async () => {
  const { storage, ledger, checkpoint } = heldLedger();
  const told: Entry[] = [];
  ledger.subscribe(entry => told.push(entry));
  const answer = ledger.submit(uio.joins(NOW));
  const write = await storage.write(0);
  expect(await ledger.organization('uio')).toBeUndefined();
  expect(await ledger.checkpoint()).toBe(checkpoint);
  expect(told).toEqual([]);
  write.end();
  await answer;
  expect(await ledger.organization('uio')).toMatchObject({ id: 'uio' });
  expect(told).toHaveLength(1);
});

test('nobody can change an entry that they were told of', async () => {
  const { storage, ledger } = heldLedger();
  const told: Entry[] = [];
  ledger.subscribe(entry => told.push(entry));
  const answer = ledger.submit(uio.joins(NOW));
  (await storage.write(0)).end();
  await answer;
  const [entry] = told;
  expect([entry, entry!.signed.envelope.command, ...entry!.events].every(Object.isFrozen)).toBe(true);
});

test('after a failed write the ledger is read-only and says so', async () => {
  const { storage, ledger, checkpoint } = heldLedger();
  const joined = ledger.submit(uio.joins(NOW));
  (await storage.write(0)).end();
  await joined;
  const kept = await ledger.checkpoint();
  const failing = ledger.submit(uis.joins(NOW));
  const write = await storage.write(1);
  const waiting = ledger.submit(uio.publishes('d', NOW));
  write.end(new Error('ENOSPC: no space left on device'));
  const error = {
    code: 'READ_ONLY',
    message:
      'The ledger could not be written (ENOSPC: no space left on device) and is read-only now. Mend the disk, open ' +
      'the ledger again and submit the same commands: those that were kept give their receipt.'
  };
  await expect(failing).rejects.toMatchObject(error);
  await expect(waiting).rejects.toMatchObject(error);
  await expect(ledger.submit(uio.publishes('e', NOW))).rejects.toMatchObject(error);
  expect(await ledger.organization('uis')).toBeUndefined();
  expect(await ledger.organization('uio')).toMatchObject({ id: 'uio' });
  expect(await ledger.checkpoint()).toBe(kept);
  expect(kept).not.toBe(checkpoint);
  expect(await ledger.proof(0)).toEqual({ index: 0, size: 1, hashes: [] });
});

test('closing waits for what was submitted', async () => {
  const { storage, ledger } = heldLedger();
  const answer = ledger.submit(uio.joins(NOW));
  const closing = ledger.close();
  const write = await storage.write(0);
  expect(storage.closed).toBe(false);
  write.end();
  expect(await answer).toMatchObject({ ok: true });
  await closing;
  expect(storage.closed).toBe(true);
});

test('a listener that throws hinders neither the others nor the answer', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { storage, ledger } = heldLedger();
  const told: number[] = [];
  const fault = new Error('the projection is broken');
  ledger.subscribe(() => {
    throw fault;
  });
  ledger.subscribe(entry => told.push(entry.index));
  const answer = ledger.submit(uio.joins(NOW));
  (await storage.write(0)).end();
  expect(await answer).toMatchObject({ ok: true });
  expect(told).toEqual([0]);
  expect(warn).toHaveBeenCalledWith(fault);
  warn.mockRestore();
});

test('what the caller does to a command after submitting it is no matter', async () => {
  const { storage, ledger } = heldLedger();
  const command = structuredClone(uio.joins(NOW));
  const answer = ledger.submit(command);
  Object.assign(command.envelope, { user: 'mallory' });
  (await storage.write(0)).end();
  expect(await answer).toMatchObject({ ok: true });
});

test.each([NaN, -1, Infinity, 8.64e15 + 1])('nothing is put on the log at the time %s', async time => {
  const { storage, ledger } = heldLedger(() => time);
  await expect(ledger.submit(uio.joins(NOW))).rejects.toMatchObject({
    code: 'INVALID',
    message: `The clock says ${time}, which is no time in ms since 1970. Set it right.`
  });
  expect(storage.writes).toEqual([]);
  await ledger.close();
});
