import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../canonical.js';
import type { Command, SignedCommand } from '../commands.js';
import { leafBytes } from '../entry.js';
import type { Entry, Ledger } from '../ledger.js';
import { leafHash } from '../merkle/hash.js';
import { MerkleTree } from '../merkle/tree.js';
import { Party, scratchFolder } from '../scenario.js';
import { formatLine } from './line.js';
import { linesOf } from './lines.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { inspect } from './fsck.js';
import { openEmbeddedLedger } from './open.js';
import { readLog } from './read-log.js';
import { verifyLog } from './verify.js';

const NOW = Date.UTC(2026, 0, 1);
const clock = () => NOW;
const owner = new Party('uis', 'ola');
const holder = new Party('uio', 'kari');
type DatasetPublish = Extract<Command, { readonly type: 'dataset.publish' }>;
/** Gives commands as the holder without the holder's key. */
const stranger = new Party('uio', 'kari');
const request: Command = { type: 'lease.request', lease: 'l', dataset: 'd', purpose: 'p', duration: 1000 };

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await scratchFolder();
  log = join(folder, 'log.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const reopen = () => openEmbeddedLedger({ folder, clock });

/** A log of four entries. */
async function smallLog(): Promise<void> {
  const ledger = await openEmbeddedLedger({ folder, clock, origin: 'test' });
  for (const command of [owner.joins(NOW), holder.joins(NOW), owner.publishes('d', NOW), holder.signs(request, NOW)]) {
    expect(await ledger.submit(command)).toMatchObject({ ok: true });
  }
  await ledger.close();
}

async function all(ledger: Ledger): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of ledger.entries()) {
    entries.push(entry);
  }
  return entries;
}

/** A line as the log would have written it, though nobody decided it. */
function forgedLine(entry: Omit<Entry, 'events'>): Buffer {
  const bytes = leafBytes(entry);
  return formatLine({ bytes, hash: leafHash(bytes) });
}

describe('a log that is opened again', () => {
  test('has its entries, its records and its checkpoint', async () => {
    const first = await openEmbeddedLedger({ folder, clock });
    await first.submit(owner.joins(NOW));
    await first.submit(owner.publishes('d', NOW));
    const before = [await all(first), await first.dataset('d'), await first.checkpoint(), await first.proof(1)];
    await first.close();
    const second = await reopen();
    expect([await all(second), await second.dataset('d'), await second.checkpoint(), await second.proof(1)]).toEqual(
      before
    );
    await second.close();
  });

  test('goes on where it was, and knows its commands', async () => {
    await smallLog();
    const ledger = await reopen();
    const again = (await all(ledger))[3]!.signed;
    expect(await ledger.submit(again)).toMatchObject({ ok: true, index: 3 });
    expect(await ledger.submit(holder.signs({ type: 'lease.release', lease: 'l' }, NOW))).toMatchObject({ index: 4 });
    await ledger.close();
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 5, origin: 'test', covered: 5, unfinished: 0 });
  });

  test('has canonical bytes for a command that came in any order of names', async () => {
    const ledger = await openEmbeddedLedger({ folder, clock });
    await ledger.submit(owner.joins(NOW));
    const description = { '9': 'nine', '10': { z: 1, a: 2 }, é: [], '\u{1f600}': '', '\ufb33': '' };
    const { policy, sealed } = owner.publishes('d', NOW).envelope.command as DatasetPublish;
    const { envelope, signature } = owner.signs(
      { type: 'dataset.publish', dataset: 'd', policy, description, sealed },
      NOW
    );
    const given = { signature, envelope: Object.fromEntries(Object.entries(envelope).reverse()) } as SignedCommand;
    expect(await ledger.submit(given)).toMatchObject({ ok: true, index: 1 });
    const [, entry] = await all(ledger);
    await ledger.close();
    const [, line] = (await readFile(log, 'utf8')).split('\n');
    expect(line!.startsWith(`{"entry":${canonicalJson({ index: 1, time: NOW, signed: given })},"leaf":`)).toBe(true);
    expect(entry!.signed).toEqual({ envelope, signature });
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 2 });
  });

  test('never turns its clock back', async () => {
    await smallLog();
    const ledger = await openEmbeddedLedger({ folder, clock: () => NOW - 1_000_000 });
    expect(await ledger.submit(owner.publishes('e', NOW))).toMatchObject({ ok: true, time: NOW });
    await ledger.close();
  });

  test('keeps its key to itself', async () => {
    await smallLog();
    expect((await stat(join(folder, 'log.key'))).mode & 0o777).toBe(0o600);
  });

  test('is refused under the name of another', async () => {
    await smallLog();
    await expect(openEmbeddedLedger({ folder, clock, origin: 'other' })).rejects.toMatchObject({
      code: 'INVALID',
      message: `The log in ${folder} is test, not other. Open it by its own name, or use another folder.`
    });
  });

  test.each([
    ['a space', 'my log', '"my log"'],
    ['a plus sign', 'a+b', '"a+b"'],
    ['a control character', 'x\u001b[31m', '"x\\u001b[31m"'],
    ['one of the second kind', 'x\u009b31m', '"x\ufffd31m"'],
    ['what turns the direction of writing', 'x\u202e', '"x\ufffd"'],
    ['half of a character', 'x\ud800', '"x\\ud800"'],
    ['nothing', '', '""']
  ])('is refused under a name with %s', async (_what, origin, said) => {
    await expect(openEmbeddedLedger({ folder, clock, origin })).rejects.toMatchObject({
      code: 'INVALID',
      message: `The origin ${said} must have neither spaces nor plus signs nor control characters. Give the log another, such as example.org/ledger.`
    });
  });

  test('says so when its folder is none', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openEmbeddedLedger({ folder: join(folder, 'file') })).rejects.toMatchObject({ code: 'IO' });
  });
});

describe('the checkpoint', () => {
  test('is a signed note that others can read: C2SP tlog-checkpoint', async () => {
    await smallLog();
    const note = await readFile(join(folder, 'checkpoint'), 'utf8');
    const [, text, name, stamp] = /^((?:.+\n)+)\n— (\S+) (\S+)\n$/.exec(note)!;
    const vkeyLine = await readFile(join(folder, 'log.pub'), 'utf8');
    const [, vkeyName, vkeyHash, vkey] = /^([^+]+)\+([^+]+)\+(.+)\n$/.exec(vkeyLine)!;
    const key = Buffer.from(vkey!, 'base64');
    expect([name, vkeyName, key[0]]).toEqual(['test', 'test', 1]);
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.from('test\n'), key]))
      .digest()
      .subarray(0, 4);
    const signature = Buffer.from(stamp!, 'base64');
    expect(signature.subarray(0, 4)).toEqual(hash);
    expect(vkeyHash).toBe(hash.toString('hex'));
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, Buffer.from(text!), publicKey, signature.subarray(4))).toBe(true);

    const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    const leaves = lines.map(line =>
      sha(Buffer.of(0), Buffer.from(/^\{"entry":(.*),"leaf":"[^"]*"\}$/.exec(line)![1]!))
    );
    const [a, b, c, d] = leaves as [Buffer, Buffer, Buffer, Buffer];
    const root = sha(Buffer.of(1), sha(Buffer.of(1), a, b), sha(Buffer.of(1), c, d));
    expect(text).toBe(`test\n4\n${root.toString('base64')}\n`);
  });
});

describe('after a crash', () => {
  test('an unfinished last entry that was never answered is dropped, wherever it was cut', async () => {
    await smallLog();
    const whole = await readFile(log);
    const three = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    const checkpointOf4 = await readFile(join(folder, 'checkpoint'));
    const checkpointOf3 = await checkpointAt(3);
    const last = JSON.parse(whole.subarray(three).toString()) as { readonly entry: Entry };
    for (let cut = three; cut < whole.length; cut++) {
      await writeFile(log, whole.subarray(0, cut));
      await writeFile(join(folder, 'checkpoint'), checkpointOf3);
      const recovered = await reopen();
      expect(await all(recovered)).toHaveLength(3);
      await recovered.close();
      expect((await readFile(log)).equals(whole.subarray(0, three))).toBe(true);
    }
    const ledger = await reopen();
    expect(await ledger.submit(last.entry.signed)).toMatchObject({ ok: true, index: 3 });
    await ledger.close();
    expect(await readFile(log)).toEqual(whole);
    expect(await readFile(join(folder, 'checkpoint'))).toEqual(checkpointOf4);
  }, 120_000);

  test('a whole entry that has no checkpoint yet stays, and gets one', async () => {
    await smallLog();
    const checkpointOf4 = await readFile(join(folder, 'checkpoint'));
    await writeFile(join(folder, 'checkpoint'), await checkpointAt(2));
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 4, covered: 2 });
    await (await reopen()).close();
    expect(await readFile(join(folder, 'checkpoint'))).toEqual(checkpointOf4);
  });

  test('verifying tells of an unfinished entry and leaves it', async () => {
    await smallLog();
    const whole = await readFile(log);
    await writeFile(log, Buffer.concat([whole, Buffer.from('{"entry":')]));
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 4, unfinished: 9 });
    expect((await stat(log)).size).toBe(whole.length + 9);
  });

  test('a folder whose first opening did not end is begun anew', async () => {
    await smallLog();
    await rm(join(folder, 'checkpoint'));
    await truncate(log, 0);
    const ledger = await reopen();
    expect(await all(ledger)).toEqual([]);
    await ledger.close();
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 0 });
  });

  /** The checkpoint this log had at a size, signed by its key. */
  async function checkpointAt(size: number): Promise<string> {
    const tree = new MerkleTree();
    await readLog(folder, { trusted: 0, onLeaf: ({ hash }) => tree.append(hash) });
    const key = (await readFile(join(folder, 'log.key'), 'utf8')).trim();
    return signCheckpoint({ origin: 'test', size, root: tree.root(size) }, key);
  }
});

describe('damage', () => {
  const corrupt = (what: string) => ({
    code: 'CORRUPT',
    message: `The log in ${folder} is damaged: ${what}. Restore the folder from a good copy.`
  });

  test('in an answered entry is told with its place, and nothing is opened', async () => {
    await smallLog();
    const bytes = await readFile(log);
    const second = bytes.indexOf(0x0a) + 1;
    bytes[second + 100]! ^= 1;
    await writeFile(log, bytes);
    const reason = 'its bytes are not those that were written';
    await expect(reopen()).rejects.toMatchObject(corrupt(`entry 1 at byte ${second} of log.jsonl: ${reason}`));
    expect(await verifyLog(folder)).toEqual({
      ok: false,
      file: 'log.jsonl',
      entry: 1,
      offset: second,
      problem: reason
    });
    expect(await readFile(log)).toEqual(bytes);
  });

  test.each([
    ['log.jsonl', 'log.jsonl is missing'],
    ['log.pub', 'log.pub is missing or damaged'],
    ['log.key', 'log.key is missing or not the key of log.pub'],
    ['checkpoint', 'there are entries but no checkpoint']
  ])('a missing %s is told', async (file, what) => {
    await smallLog();
    await rm(join(folder, file));
    await expect(reopen()).rejects.toMatchObject(corrupt(what));
  });

  test('entries that were cut off are missed', async () => {
    await smallLog();
    const bytes = await readFile(log);
    await truncate(log, bytes.lastIndexOf(0x0a, bytes.length - 2) + 1);
    await expect(reopen()).rejects.toMatchObject(corrupt('log.jsonl has 3 entries, the checkpoint covers 4'));
    expect(await verifyLog(folder)).toMatchObject({
      ok: false,
      entry: 3,
      problem: 'the checkpoint covers 4 entries, the log has 3'
    });
  });

  test('a history that was written anew is found by the signed root', async () => {
    await smallLog();
    const ledger = await reopen();
    const [first, ...others] = await all(ledger);
    await ledger.close();
    const time = first!.time - 1;
    await writeFile(log, Buffer.concat([{ ...first!, time }, ...others].map(forgedLine)));
    await expect(reopen()).rejects.toMatchObject(
      corrupt('the first 4 entries of log.jsonl do not give the root of the checkpoint')
    );
    expect(await verifyLog(folder)).toEqual({
      ok: false,
      file: 'log.jsonl',
      problem: 'the first 4 entries do not give the root of the checkpoint'
    });
  });

  const release: Command = { type: 'lease.release', lease: 'l' };
  const notHolder = 'the rules refuse it: Lease l is held by another; only its holder may do this.';
  const notSigned = 'the rules refuse it: The signature is not by the key of uio. Sign the command with that key.';
  test.each([
    ['of somebody who may not', 4, NOW, owner.signs(release, NOW), notHolder],
    ['that its organization did not sign', 4, NOW, new Party('uio', 'kari').signs(release, NOW), notSigned],
    ['of the past', 4, NOW - 1, holder.signs(release, NOW), 'its time is before that of the entry before it'],
    ['out of its place', 7, NOW, holder.signs(release, NOW), 'it says index 7, its place is 4'],
    ['with a used id', 4, NOW, holder.signs(release, NOW, 'used'), 'command id used was used before']
  ])('an entry %s is not taken for one, though its bytes are whole', async (_what, index, time, signed, problem) => {
    const ledger = await openEmbeddedLedger({ folder, clock });
    await ledger.submit(owner.joins(NOW));
    await ledger.submit(holder.joins(NOW));
    await ledger.submit(owner.publishes('d', NOW));
    await ledger.submit(holder.signs(request, NOW, 'used'));
    await ledger.close();
    const whole = await readFile(log);
    await writeFile(log, Buffer.concat([whole, forgedLine({ index, time, signed })]));
    expect(await verifyLog(folder)).toEqual({ ok: false, file: 'log.jsonl', entry: 4, offset: whole.length, problem });
    await expect(reopen()).rejects.toMatchObject(corrupt(`entry 4 at byte ${whole.length} of log.jsonl: ${problem}`));
  });

  const last: Command = { type: 'lease.release', lease: 'l' };
  const spelled = (change: (text: string) => string): Buffer => {
    const text = leafBytes({ index: 4, time: NOW, signed: holder.signs(last, NOW) }).toString();
    const bytes = Buffer.from(change(text));
    return formatLine({ bytes, hash: leafHash(bytes) });
  };
  test.each([
    ['with a space', (text: string) => text.replace(':', ': ')],
    [
      'whose names are out of order',
      (text: string) => text.replace(/"index":4,(.*),"time":(\d+)/, '"time":$2,"index":4,$1')
    ],
    ['that has a name twice', (text: string) => text.replace('{', '{"index":4,')],
    ['with a number that is read as infinite', (text: string) => text.replace(/"time":\d+}$/, '"time":1e999}')],
    ['that is nested too deeply', () => '['.repeat(50_000) + ']'.repeat(50_000)]
  ])('an entry %s is not canonical JSON, though all in it is right', async (_what, change) => {
    await smallLog();
    const whole = await readFile(log);
    await writeFile(log, Buffer.concat([whole, spelled(change)]));
    const problem = 'it is not canonical JSON';
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 4, unfinished: spelled(change).length });
    // Once a checkpoint covers it, it is no unfinished write.
    const key = (await readFile(join(folder, 'log.key'), 'utf8')).trim();
    await writeFile(
      join(folder, 'checkpoint'),
      signCheckpoint({ origin: 'test', size: 5, root: Buffer.alloc(32) }, key)
    );
    expect(await verifyLog(folder)).toEqual({ ok: false, file: 'log.jsonl', entry: 4, offset: whole.length, problem });
    await expect(reopen()).rejects.toMatchObject(corrupt(`entry 4 at byte ${whole.length} of log.jsonl: ${problem}`));
  });

  const hostile = (change: (signed: SignedCommand) => object) =>
    ({ index: 4, time: NOW, signed: change(holder.signs(last, NOW)) }) as Omit<Entry, 'events'>;
  test.each([
    [
      'a time that no calendar has',
      { ...hostile(signed => signed), time: 9e15 },
      'its time 9000000000000000 is not from 0 to 8639684424000000 ms'
    ],
    [
      'a time before 1970',
      { ...hostile(signed => signed), time: -5 },
      'its time -5 is not from 0 to 8639684424000000 ms'
    ],
    [
      'a field whose name steers a terminal',
      hostile(signed => ({ ...signed, '\u009b31m\u202e': 1 })),
      'its command is not valid: signed must not have the field "\ufffd31m\ufffd"'
    ]
  ])('an entry that was signed for with %s is named by verify and by fsck', async (_what, entry, problem) => {
    await smallLog();
    const whole = await readFile(log);
    const line = forgedLine(entry);
    await writeFile(log, Buffer.concat([whole, line]));
    const key = (await readFile(join(folder, 'log.key'), 'utf8')).trim();
    const forged = signCheckpoint({ origin: 'test', size: 5, root: Buffer.alloc(32) }, key);
    await writeFile(join(folder, 'checkpoint'), forged);
    const place = { file: 'log.jsonl', entry: 4, offset: whole.length, problem };
    expect(await verifyLog(folder)).toEqual({ ok: false, ...place });
    expect((await inspect(folder)).findings).toEqual([{ severity: 'damaged', ...place }]);
    await expect(reopen()).rejects.toMatchObject(corrupt(`entry 4 at byte ${whole.length} of log.jsonl: ${problem}`));
  });

  test.each([
    ['damaged bytes', (line: Buffer) => Buffer.from(line.toString().replace('release', 'relaese'))],
    ['another place', () => forgedLine({ index: 9, time: NOW, signed: holder.signs(last, NOW) })],
    ['a command that the rules refuse', () => forgedLine({ index: 5, time: NOW, signed: owner.signs(last, NOW) })],
    ['another bad signature', () => forgedLine({ index: 5, time: NOW, signed: stranger.signs(last, NOW) })]
  ])('a bad signature is told before what is wrong after it: %s', async (_what, next) => {
    await smallLog();
    const whole = await readFile(log);
    const bad = forgedLine({ index: 4, time: NOW, signed: stranger.signs({ ...last, reason: 'not mine' }, NOW) });
    const good = forgedLine({ index: 5, time: NOW, signed: holder.signs(last, NOW) });
    await writeFile(log, Buffer.concat([whole, bad, next(good)]));
    const place = { ok: false, file: 'log.jsonl', entry: 4, offset: whole.length };
    expect(await verifyLog(folder)).toEqual({ ...place, problem: notSigned });
  });

  test('a bad signature far from the end is told before what is wrong after it', async () => {
    await smallLog();
    const whole = await readFile(log);
    // Signatures are checked many at once, while what follows them is read.
    const lines = Array.from({ length: 4200 }, (_, n) =>
      forgedLine({ index: 4 + n, time: NOW, signed: owner.publishes(`d${n}`, NOW) })
    );
    const signed = { ...owner.publishes('d40', NOW), signature: owner.publishes('d41', NOW).signature };
    lines[40] = forgedLine({ index: 44, time: NOW, signed });
    const place = { ok: false, file: 'log.jsonl', entry: 44 };
    const offset = whole.length + Buffer.concat(lines.slice(0, 40)).length;
    for (const damaged of [100, 2100, 4100]) {
      const bytes = lines.map((line, n) => (n === damaged ? line.subarray(1) : line));
      await writeFile(log, Buffer.concat([whole, ...bytes]));
      expect(await verifyLog(folder)).toMatchObject({ ...place, offset, problem: notSigned.replace('uio', 'uis') });
    }
  });

  test('of a single bit, wherever it is, is found by verifying, and fsck names the place', async () => {
    const ledger = await openEmbeddedLedger({ folder, clock, origin: 'test' });
    await ledger.submit(owner.joins(NOW));
    await ledger.close();
    // Whether the checkpoint or the key that it is signed with was damaged can't be told apart.
    const named = { 'log.jsonl': /^log\.jsonl$/, checkpoint: /^checkpoint$/, 'log.pub': /^(log\.pub|checkpoint)$/ };
    for (const [file, place] of Object.entries(named)) {
      const path = join(folder, file);
      const bytes = await readFile(path);
      // One bit of each byte, another one each time: all of them would take a minute and find nothing else.
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << ((at * 5) % 8);
        await writeFile(path, flipped);
        expect({ file, at, ok: (await verifyLog(folder)).ok }).toEqual({ file, at, ok: false });
        const [finding] = (await inspect(folder)).findings;
        const where = { severity: 'damaged', file: expect.stringMatching(place) as string };
        const line = file === 'log.jsonl' ? { entry: 0, offset: 0 } : {};
        expect([at, finding]).toEqual([at, expect.objectContaining({ ...where, ...line })]);
      }
      await writeFile(path, bytes);
    }
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 1 });
  }, 60_000);

  test('of the secret key is named by fsck, for the log can not be opened then', async () => {
    await smallLog();
    const path = join(folder, 'log.key');
    const key = await readFile(path, 'utf8');
    await writeFile(path, key.replace(/...\n$/, 'AAA\n'));
    expect(await inspect(folder)).toMatchObject({
      ok: false,
      entries: 4,
      findings: [{ severity: 'damaged', file: 'log.key', problem: 'it is not the key of log.pub' }]
    });
    await rm(path);
    expect(await inspect(folder)).toMatchObject({ ok: true, findings: [] });
  });

  test('a line that is longer than any entry is damage at its place, and is never put together', async () => {
    await smallLog();
    const whole = await readFile(log);
    const second = whole.indexOf(0x0a) + 1;
    const long = Buffer.alloc(17 * 1024 * 1024);
    await writeFile(log, Buffer.concat([whole.subarray(0, second), long, Buffer.from('\n'), whole.subarray(second)]));
    const place = { file: 'log.jsonl', entry: 1, offset: second };
    expect(await verifyLog(folder)).toMatchObject({ ...place, ok: false });
    expect((await inspect(folder)).findings).toEqual([
      { severity: 'damaged', ...place, problem: 'it is longer than any entry' }
    ]);
    // After the end it is but an unfinished write.
    await writeFile(log, Buffer.concat([whole, long]));
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 4, unfinished: long.length });
  });

  test.each([1, 3, 7, 64])(
    'of lines that are too long, read %i bytes at once, what follows is read as it is',
    async chunk => {
      await writeFile(log, 'one\nfour\nsixteen is too long\nten\n\nand so is this');
      const bunches: object[] = [];
      for await (const lines of linesOf(log, { piece: chunk, longest: 4 })) {
        bunches.push(...lines.map(({ bytes, ...line }) => ({ ...line, text: bytes.toString() })));
        lines.forEach(({ bytes }) => expect(bytes.length).toBeLessThanOrEqual(Math.max(5, 4 + chunk)));
      }
      const whole = { whole: true };
      const pieces = bunches as { text: string; whole: boolean; offset: number; continues?: true }[];
      expect(pieces.filter(one => one.whole)).toEqual([
        { ...whole, text: 'one', offset: 0 },
        { ...whole, text: 'four', offset: 4 },
        { ...whole, text: 'ten', offset: 29 },
        { ...whole, text: '', offset: 33 }
      ]);
      const [first, second] = pieces.filter(one => !one.whole && one.continues !== true);
      expect([first!.offset, second!.offset]).toEqual([9, 34]);
      const from = (start: number, end: number) =>
        pieces.filter(one => !one.whole && one.offset >= start && one.offset < end).map(({ text }) => text);
      expect([from(9, 29).join(''), from(34, 99).join('')]).toEqual(['sixteen is too long\n', 'and so is this']);
    }
  );

  test('of nothing at all: there is no log in the folder', async () => {
    await expect(verifyLog(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
