import type { SignedCommand } from '../commands.js';
import { leafBytes } from '../entry.js';
import { createKeyPair } from '../keys.js';
import { leafHash } from '../merkle/hash.js';
import { MerkleTree } from '../merkle/tree.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { cosignedAt } from '../note/cosignature.js';
import { Party } from '../scenario.js';
import { formatRequest, parseRequest, type CosignRequest } from './request.js';
import { Witness, type Seen, type WitnessMemory } from './witness.js';

const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const keys = createKeyPair();
const own = createKeyPair();
const someone = new Party('uis', 'ola');

/** A log whose writer may be dishonest: it appends what it likes, with the time it likes. */
class Log {
  readonly tree = new MerkleTree();
  readonly #leaves: Buffer[] = [];

  append(time: number, signed: SignedCommand = someone.joins(time)): this {
    const bytes = leafBytes({ index: this.tree.size, time, signed });
    this.#leaves.push(bytes);
    this.tree.append(leafHash(bytes));
    return this;
  }

  /** The same history so far, to go on otherwise. */
  fork(size = this.tree.size): Log {
    const copy = new Log();
    this.#leaves.slice(0, size).forEach(bytes => {
      copy.#leaves.push(bytes);
      copy.tree.append(leafHash(bytes));
    });
    return copy;
  }

  checkpoint(origin = 'test', key = keys.privateKey): string {
    return signCheckpoint({ origin, size: this.tree.size, root: this.tree.root() }, key);
  }

  asks(old: number, change: Partial<CosignRequest> = {}): string {
    const { size } = this.tree;
    return formatRequest({
      old,
      consistency: old > size ? [] : this.tree.consistency(old, size),
      note: this.checkpoint(),
      entry: this.#leaves.at(-1)!,
      inclusion: this.tree.inclusion(size - 1, size),
      ...change
    });
  }
}

class Memory implements WitnessMemory {
  readonly accusations: string[] = [];
  readonly kept: Seen[] = [];

  last(): Seen | undefined {
    return this.kept.at(-1);
  }

  keep(_origin: string, seen: Seen): Promise<void> {
    this.kept.push(seen);
    return Promise.resolve();
  }

  accuse(_origin: string, _seen: Seen, note: string): Promise<void> {
    this.accusations.push(note);
    return Promise.resolve();
  }
}

function start() {
  const clock = { now: START };
  const memory = new Memory();
  const logs = [{ name: 'test', publicKey: keys.publicKey }];
  const witness = new Witness({ name: 'uio', privateKey: own.privateKey, logs, memory, clock: () => clock.now });
  return { clock, memory, witness };
}

test('a witness cosigns what continues the last it saw, and remembers it before it answers', async () => {
  const { witness, memory, clock } = start();
  const log = new Log().append(START);
  let old = 0;
  for (const size of [1, 2, 5, 8, 21]) {
    while (log.tree.size < size) {
      log.append(START);
    }
    const { status, body } = await witness.addCheckpoint(log.asks(old));
    expect([status, body]).toEqual([200, expect.stringMatching(/^— uio \S+\n$/)]);
    expect(cosignedAt(`${log.checkpoint()}${body}`, { name: 'uio', publicKey: own.publicKey })).toBe(START / SECOND);
    expect(memory.last()).toMatchObject({ size, note: `${log.checkpoint()}${body}` });
    old = size;
  }
  clock.now += 10 * SECOND;
  // The same one again, with the time of now: its answer was lost perhaps.
  expect(await witness.addCheckpoint(log.asks(21))).toMatchObject({ status: 200 });
});

describe('fork test: a dishonest writer shows two histories', () => {
  /*
   *  seen by the witness    a - b - c
   *                          \
   *  shown to others          x - y - z ...
   */
  async function forked() {
    const started = start();
    const log = new Log().append(START);
    const other = log.fork();
    log.append(START).append(START);
    expect(await started.witness.addCheckpoint(log.asks(0))).toMatchObject({ status: 200 });
    const given = someone.publishes('x', START);
    return { ...started, log, other: other.append(START, given).append(START, given) };
  }

  test('another tree of the same size is refused, and kept as proof against the log', async () => {
    const { witness, memory, other } = await forked();
    expect(await witness.addCheckpoint(other.asks(3))).toEqual({
      status: 409,
      type: 'text/plain; charset=utf-8',
      body: 'FORK: the log signed another tree of 3 entries before\n'
    });
    expect(memory.accusations).toEqual([other.checkpoint()]);
    expect(memory.kept).toHaveLength(1);
  });

  test('a larger tree that does not begin with what was seen is refused, whatever proof comes with it', async () => {
    const { witness, memory, other, log } = await forked();
    other.append(START).append(START);
    const honest = log.fork().append(START).append(START);
    for (const consistency of [
      other.tree.consistency(3),
      honest.tree.consistency(3),
      [],
      [...other.tree.consistency(3), Buffer.alloc(32)]
    ]) {
      expect(await witness.addCheckpoint(other.asks(3, { consistency }))).toMatchObject({
        status: 422,
        body: 'BAD_PROOF: the proof does not show that the tree begins with the 3 entries seen before\n'
      });
    }
    expect(memory.kept).toHaveLength(1);
    expect(await witness.addCheckpoint(honest.asks(3))).toMatchObject({ status: 200 });
  });

  test('an honest checkpoint that anybody sends with a bad proof is no accusation of the log', async () => {
    const { witness, memory, log } = await forked();
    log.append(START).append(START);
    for (const extra of ['', `\u2014 x ${Buffer.alloc(68, 1).toString('base64')}\n`]) {
      const note = `${log.checkpoint()}${extra}`;
      expect(await witness.addCheckpoint(log.asks(3, { note, consistency: [Buffer.alloc(32)] }))).toMatchObject({
        status: 422,
        body: expect.stringMatching(/^BAD_PROOF: /) as string
      });
    }
    expect(memory.accusations).toEqual([]);
    expect(await witness.addCheckpoint(log.asks(3))).toMatchObject({ status: 200 });
  });

  test('lines that others added to a checkpoint are not kept', async () => {
    const { witness, memory, log, other } = await forked();
    const line = (n: number) => `\u2014 ${n === 0 ? 'test' : `x${n}`} ${Buffer.alloc(68, n).toString('base64')}\n`;
    const crowd = Array.from({ length: 90 }, (_, n) => line(n)).join('');
    await witness.addCheckpoint(other.asks(3, { note: `${other.checkpoint()}${crowd}` }));
    expect(memory.accusations).toEqual([other.checkpoint()]);
    log.append(START);
    const { body } = await witness.addCheckpoint(log.asks(3, { note: `${log.checkpoint()}${crowd}` }));
    expect(memory.last()?.note).toBe(`${log.checkpoint()}${body}`);
  });

  test('who says that nothing was seen before, or something else, is told what was', async () => {
    const { witness, other } = await forked();
    for (const old of [0, 1, 2]) {
      expect(await witness.addCheckpoint(other.append(START).asks(old))).toEqual({
        status: 409,
        type: 'text/x.tlog.size',
        body: '3\n'
      });
    }
  });

  test('an older state of the log, put back, is refused', async () => {
    const { witness, log } = await forked();
    expect(await witness.addCheckpoint(log.fork(2).asks(0))).toMatchObject({ status: 409, body: '3\n' });
  });
});

describe('time-travel test: a forged timestamp is refused', () => {
  test.each([
    ['31 s ahead', 31 * SECOND, 'CLOCK_SKEW'],
    ['31 s behind', -31 * SECOND, 'CLOCK_SKEW'],
    ['a year behind', -365 * 24 * 3600 * SECOND, 'CLOCK_SKEW'],
    ['30 s ahead', 30 * SECOND, undefined],
    ['30 s behind', -30 * SECOND, undefined]
  ])('a newest entry that is %s of the witness', async (_what, offset, code) => {
    const { witness, memory } = start();
    const { status, body } = await witness.addCheckpoint(new Log().append(START + offset).asks(0));
    expect([status, body.split(':')[0]]).toEqual(code === undefined ? [200, expect.stringMatching(/^—/)] : [422, code]);
    expect(memory.kept).toHaveLength(code === undefined ? 1 : 0);
  });

  test('it says both times, and what may be cosigned next', async () => {
    const { witness } = start();
    expect((await witness.addCheckpoint(new Log().append(START - 60 * SECOND).asks(0))).body).toBe(
      "CLOCK_SKEW: the newest entry says 2025-12-31 23:59:00 UTC, the witness's clock 2026-01-01 00:00:00 UTC: 1 min apart, at most 30 s are allowed; the next entry may be cosigned\n"
    );
  });

  test('a log whose clock goes back, however little', async () => {
    const { witness } = start();
    const log = new Log().append(START);
    await witness.addCheckpoint(log.asks(0));
    expect(await witness.addCheckpoint(log.append(START - 1).asks(1))).toMatchObject({
      status: 422,
      body: expect.stringMatching(/^CLOCK_BACK: /) as string
    });
  });

  test.each([9e15, -9e15, 1.5, '2026-01-01', null])('a newest entry with %p for its time', async time => {
    const { witness, memory } = start();
    const answer = await witness.addCheckpoint(new Log().append(time as number).asks(0));
    expect(answer).toEqual({
      status: 400,
      type: 'text/plain; charset=utf-8',
      body: 'INVALID: the newest entry does not say its time, in ms since 1970\n'
    });
    expect(memory.kept).toEqual([]);
  });

  test('a good time on an entry that is not the newest one, or not in the log at all', async () => {
    const { witness } = start();
    const log = new Log().append(START).append(START - 3600 * SECOND);
    const [good, bad] = [0, 1].map(n => (n === 0 ? log.fork(1) : log));
    const first = parseRequest(good!.asks(0))!.entry;
    for (const change of [
      { entry: first },
      { entry: first, inclusion: bad!.tree.inclusion(0) },
      { entry: Buffer.from('{}') },
      { entry: Buffer.from('no JSON') },
      { inclusion: [] }
    ]) {
      expect(await witness.addCheckpoint(log.asks(0, change))).toMatchObject({
        status: 422,
        body: 'INVALID: the entry that came with the checkpoint is not the last one of its tree\n'
      });
    }
  });
});

test.each([
  ['another log', 404, 'UNKNOWN_LOG', (log: Log) => log.asks(0, { note: log.checkpoint('other') })],
  ['another key', 403, 'BAD_SIGNATURE', (log: Log) => log.asks(0, { note: log.checkpoint('test', own.privateKey) })],
  ['an old size beyond the new one', 400, 'INVALID', (log: Log) => log.asks(2)],
  [
    'a first proof that must be empty',
    422,
    'BAD_PROOF',
    (log: Log) => log.asks(0, { consistency: [Buffer.alloc(32)] })
  ],
  ['nothing', 400, 'INVALID', () => ''],
  ['no entry', 400, 'INVALID', (log: Log) => `old 0\n\n${log.checkpoint()}`],
  ['a size with a leading zero', 400, 'INVALID', (log: Log) => log.asks(0).replace('old 0', 'old 00')],
  [
    'more lines of proof than any tree needs',
    400,
    'INVALID',
    (log: Log) => log.asks(0, { inclusion: Array<Buffer>(64).fill(Buffer.alloc(32)) })
  ],
  ['a hash of another length', 400, 'INVALID', (log: Log) => log.asks(0).replace('old 0\n', 'old 0\nAAAA\n')]
])('a request with %s is refused', async (_what, status, code, make) => {
  const { witness, memory } = start();
  const answer = await witness.addCheckpoint(make(new Log().append(START)));
  expect([answer.status, answer.body.split(':')[0]]).toEqual([status, code]);
  expect(memory.kept).toEqual([]);
});

test('requests that come together are answered one after another', async () => {
  const { witness, memory } = start();
  const log = new Log().append(START);
  const first = log.asks(0);
  const second = log.append(START).asks(0);
  const answers = await Promise.all([witness.addCheckpoint(first), witness.addCheckpoint(second)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  expect(memory.kept.map(({ size }) => size)).toEqual([1]);
});
