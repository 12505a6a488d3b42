import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../commands.js';
import { openEmbeddedLedger } from '../embedded/open.js';
import { createKeyPair, sign } from '../keys.js';
import type { Ledger } from '../ledger.js';
import { cosign } from '../note/cosignature.js';
import { parseVerifier } from '../note/signed-note.js';
import type { StoredEntry } from '../replica.js';
import { MAX_TIME } from '../rules/limits.js';
import { Party, scratchFolder } from '../scenario.js';
import { openWitnessFolder } from '../witness/folder.js';
import { serveWitness } from '../witness/serve.js';
import { Witness } from '../witness/witness.js';
import { parseBundle, type ProofBundle } from './bundle.js';
import { checkProof, type Trust } from './check.js';
import { describeProof } from './describe.js';
import { proveLease } from './make.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const owner = new Party('uis', 'ola');
const holder = new Party('uio', 'kari');
const other = new Party('uib', 'per');

let folder: string;
let log: string;
const clock = { now: NOW };
beforeEach(async () => {
  folder = await scratchFolder();
  log = join(folder, 'log');
  clock.now = NOW;
});
const undo: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(undo.splice(0).map(one => one()));
  await rm(folder, { recursive: true });
});

async function gives(ledger: Ledger, party: Party, command: Command): Promise<number> {
  clock.now += MINUTE;
  const answer = await ledger.submit(party.signs(command, clock.now));
  expect(answer.ok ? '' : answer.message).toBe('');
  return answer.ok ? answer.index : -1;
}

const request = (lease: string): Command => ({
  type: 'lease.request',
  lease,
  dataset: 'd',
  purpose: 'cancer research',
  duration: 3_600_000
});

/**
 * A log with a lease `l` that was renewed and released, among others; with the witnesses of these organizations.
 *
 * @returns the proof of that lease as the open ledger gives it
 */
async function aLog(witnessed: readonly Party[]): Promise<ProofBundle | undefined> {
  const addresses: { organization: string; url: string }[] = [];
  const witnesses = new Map<string, string>();
  const logs: { name: string; publicKey: string }[] = [];
  for (const { organization: name } of witnessed) {
    const its = await openWitnessFolder(join(folder, name), name, ['example']);
    const witness = new Witness({ name, ...its, logs, clock: () => clock.now });
    const server = await serveWitness(witness, { host: '127.0.0.1', port: 0 });
    const { port } = server.address() as { port: number };
    undo.push(
      () => server.closeAllConnections(),
      () => server.close(),
      () => its.close()
    );
    witnesses.set(name, its.publicKey);
    addresses.push({ organization: name, url: `http://127.0.0.1:${port}` });
  }
  await (await openEmbeddedLedger({ folder: log, origin: 'example' })).close();
  logs.push(parseVerifier((await readFile(join(log, 'log.pub'), 'utf8')).trim())!);
  const ledger = await openEmbeddedLedger({ folder: log, clock: () => clock.now, witnesses: addresses });
  for (const party of [owner, other, holder]) {
    expect(await ledger.submit(party.joins(clock.now, witnesses.get(party.organization)))).toMatchObject({ ok: true });
  }
  await gives(ledger, owner, { ...owner.publishes('d', NOW).envelope.command });
  await gives(ledger, owner, { ...owner.publishes('e', NOW).envelope.command });
  await gives(ledger, other, request('before'));
  await gives(ledger, other, { type: 'lease.release', lease: 'before' });
  await gives(ledger, holder, request('l'));
  await gives(ledger, holder, { type: 'lease.renew', lease: 'l', duration: 3_600_000 });
  const last = await gives(ledger, holder, { type: 'lease.release', lease: 'l', reason: 'done' });
  expect(await ledger.final(last, 30_000)).toMatchObject({ final: true });
  const served = await ledger.prove('l');
  await gives(ledger, holder, request('m'));
  await ledger.close();
  return served;
}

const keys = new Map([owner, holder, other].map(({ organization, keys: { publicKey } }) => [organization, publicKey]));
const logKey = async () => parseVerifier((await readFile(join(log, 'log.pub'), 'utf8')).trim())!;

test('the proof of a lease tells who leased what, when, for which purpose and until when', async () => {
  await aLog([owner, holder]);
  const bundle = await proveLease(log, 'l');
  expect(bundle.entries.map(({ entry }) => entry.signed.envelope.command.type)).toEqual([
    'organization.join',
    'organization.join',
    'organization.join',
    'dataset.publish',
    'lease.request',
    'lease.renew',
    'lease.release'
  ]);
  const result = checkProof(parseBundle(JSON.stringify(bundle)), { organizations: keys });
  expect(result).toMatchObject({ ok: true, origin: 'example' });
  const text = result.ok ? describeProof(result, keys) : '';
  const [head] = text.split('\n\nthis rests on\n');
  expect(head).toBe(`ok: lease l is on the log example

  dataset  d of uis (UIS)
  holder   kari of uio (UIO)
  purpose  cancer research
  until    2026-01-01 00:07:00 UTC, when it was released; it would have lasted until 2026-01-01 01:06:00 UTC

what happened
  2026-01-01 00:05:00 UTC  requested by kari of uio, for 1 h  (entry 7)
  2026-01-01 00:05:00 UTC  granted until 2026-01-01 01:05:00 UTC, by a command of kari of uio  (entry 7)
  2026-01-01 00:06:00 UTC  renewed by kari of uio, until 2026-01-01 01:06:00 UTC  (entry 8)
  2026-01-01 00:07:00 UTC  released by kari of uio: "done"  (entry 9)`);
  expect(text).toMatch(/the key of uio that you gave, SHA-256 \S+\n/);
  expect(text).toMatch(/the witness of uis, which cosigned a tree of 1[01] entries at 2026-01-01 00:0[78]:00 UTC\n/);
  const [, tail] = text.split('\n\nthe times are those of the log\n');
  expect(tail?.replace(/00:0[78]:00/, '00:08:00')).toBe(`  the witnesses saw it at the latest at 2026-01-01 00:08:00 UTC
  a dishonest log can set an entry back, at most to the time of the cosigned entry before it

it does not show
  entries that were left out of the file, or came later: a renewal, a release or a revocation, say
  who has a copy of the log sees all of them: jupyterflow-ledger show DIR --lease l`);
});

test('a proof that the release was left out of is as good, and says that such a thing does not show', async () => {
  await aLog([]);
  const bundle = await proveLease(log, 'l');
  const cut = { ...bundle, entries: bundle.entries.slice(0, -1) };
  const result = checkProof(cut, { organizations: keys, log: await logKey() });
  const text = result.ok ? describeProof(result, keys) : '';
  expect(text).not.toContain('released');
  expect(text).toContain('\n  no witness that you know saw them\n');
  expect(text).toContain('it does not show\n  entries that were left out of the file, or came later');
});

test('the open ledger gives the same proof as its folder, with what the witnesses cosigned', async () => {
  const served = parseBundle(JSON.stringify(await aLog([owner, holder])));
  const ofFolder = await proveLease(log, 'l');
  const entries = ({ entries: all }: ProofBundle) => all.map(({ entry }) => entry);
  expect([served.lease, served.log, entries(served)]).toEqual(['l', ofFolder.log, entries(ofFolder)]);
  const result = checkProof(served, { organizations: keys });
  expect(result.ok && result.anchors.flatMap(({ witnesses }) => witnesses).length).toBeGreaterThanOrEqual(2);
});

test('without witnesses it rests on the key of the log, which must be known', async () => {
  await aLog([]);
  const bundle = await proveLease(log, 'l');
  expect(checkProof(bundle, { organizations: keys })).toEqual({
    ok: false,
    problem:
      'no witness of an organization whose key you gave cosigned, none of them has one, and the key of the log is not known to you: give the keys of more organizations with --org-key, or get log.pub from somebody you trust and give its line with --log-key'
  });
  const result = checkProof(bundle, { organizations: keys, log: await logKey() });
  expect(result).toMatchObject({ ok: true, anchors: [{ size: 11, log: true, witnesses: [] }] });
  const stranger = { name: 'example', publicKey: createKeyPair().publicKey };
  expect(checkProof(bundle, { organizations: keys, log: stranger })).toEqual({
    ok: false,
    problem: expect.stringContaining('and the key of the log that you gave signed no tree with all entries: ') as string
  });
});

describe('without the key of the log, the witnesses of more than half of the organizations that are known must have cosigned', () => {
  /** The checkpoints without the cosignatures of some witnesses. */
  const without = (bundle: ProofBundle, ...silent: readonly Party[]): ProofBundle => ({
    ...bundle,
    checkpoints: bundle.checkpoints.map(note =>
      note
        .split('\n')
        .filter(line => !silent.some(({ organization }) => line.startsWith(`\u2014 ${organization} `)))
        .join('\n')
    )
  });
  const of = (...known: readonly Party[]) => ({
    organizations: new Map(known.map(({ organization }) => [organization, keys.get(organization)!]))
  });
  const refused = (who: string, need: string) => ({
    ok: false,
    problem: `${who}, ${need}, and the key of the log is not known to you: give the keys of more organizations with --org-key, or get log.pub from somebody you trust and give its line with --log-key`
  });

  test('a holder with a log and a witness of its own proves nothing', async () => {
    await aLog([owner, holder]);
    const bundle = await proveLease(log, 'l');
    expect(checkProof(bundle, of(owner, holder))).toMatchObject({ ok: true });
    const only = 'of the organizations whose keys you gave, only the witnesses of';
    const forged = without(bundle, owner);
    expect(checkProof(forged, of(owner, holder))).toEqual(
      refused(`${only} uio cosigned`, '2 of those of uio, uis are needed')
    );
    expect(checkProof(forged, of(owner, holder, other))).toMatchObject({ ok: false });
    expect(checkProof(without(bundle, holder), of(owner, holder))).toEqual(
      refused(`${only} uis cosigned`, '2 of those of uio, uis are needed')
    );
    expect(checkProof(without(bundle, owner, holder), of(owner, holder))).toEqual(
      refused('no witness of an organization whose key you gave cosigned', '2 of those of uio, uis are needed')
    );
    expect(checkProof(forged, { ...of(owner, holder), log: await logKey() })).toMatchObject({ ok: true });
  }, 20_000);

  test('two of three are enough, and only those count whose keys are known', async () => {
    await aLog([owner, holder, other]);
    const bundle = without(await proveLease(log, 'l'), owner);
    expect(checkProof(bundle, of(owner, holder, other))).toMatchObject({ ok: true });
    expect(checkProof(bundle, of(owner, holder))).toMatchObject({ ok: false });
    expect(checkProof(without(bundle, other), of(owner, holder, other))).toMatchObject({ ok: false });
  }, 20_000);
});

test('where one organization alone has a witness, it says that it rests on that one', async () => {
  await aLog([holder]);
  const bundle = await proveLease(log, 'l');
  const text = (trust: Trust) => {
    const result = checkProof(bundle, trust);
    return result.ok ? describeProof(result, keys) : result.problem;
  };
  const alone = '\n  so on uio alone: who doubts it gives the key of the log, or keys of more organizations';
  expect(text({ organizations: keys })).toContain(alone);
  expect(text({ organizations: keys, log: await logKey() })).not.toContain(alone);
});

test('a lease that is not on the log can not be proven', async () => {
  await aLog([]);
  await expect(proveLease(log, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(proveLease(folder, 'l')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('a proof that somebody tampered with', () => {
  type Change = (bundle: ProofBundle) => unknown;
  const withEntry = (bundle: ProofBundle, n: number, entry: Partial<StoredEntry>): ProofBundle => ({
    ...bundle,
    entries: bundle.entries.map((one, at) => (at === n ? { ...one, entry: { ...one.entry, ...entry } } : one))
  });
  const envelopeOf = (bundle: ProofBundle, n: number) => bundle.entries[n]!.entry.signed.envelope;
  const REQUEST = 4;

  test.each<[string, Change, string]>([
    [
      'another purpose',
      bundle => JSON.parse(JSON.stringify(bundle).replace('cancer research', 'insurance')) as unknown,
      'entry 7 is not signed by the key of uio'
    ],
    [
      'another purpose, signed by the holder itself afterwards',
      bundle => {
        const envelope = envelopeOf(bundle, REQUEST);
        const command = { ...envelope.command, purpose: 'x' } as Command;
        return withEntry(bundle, REQUEST, { signed: sign({ ...envelope, command }, holder.keys.privateKey) });
      },
      'entry 7 is not in the tree of 11 entries that was signed'
    ],
    [
      'another time',
      bundle => withEntry(bundle, REQUEST, { time: NOW + 5 * MINUTE + 1 }),
      'entry 7 is not in the tree of 11 entries that was signed'
    ],
    [
      'entries in another order',
      bundle => ({ ...bundle, entries: bundle.entries.toReversed() }),
      'entry 8 is not in its order'
    ],
    [
      'the publication of the dataset left out',
      bundle => ({ ...bundle, entries: bundle.entries.toSpliced(3, 1) }),
      'entry 7 does not follow from those before it: There is no dataset d. Look its id up in the catalogue.'
    ],
    [
      'the join of the holder left out',
      bundle => ({ ...bundle, entries: bundle.entries.toSpliced(2, 1) }),
      'entry 7 is not signed by the key of uio'
    ],
    ['another lease named', bundle => ({ ...bundle, lease: 'm' }), 'its entries do not tell of lease m'],
    ['no checkpoint', bundle => ({ ...bundle, checkpoints: [] }), 'no witness of an organization whose key you gave'],
    [
      'another root',
      bundle => ({ ...bundle, checkpoints: bundle.checkpoints.map(note => note.replace(/\n11\n/, '\n12\n')) }),
      'checkpoint 0 is not signed by the key of example'
    ],
    ['a key of the log that is none', bundle => ({ ...bundle, log: 'x' }), 'the key of the log is none'],
    [
      'a hash of a proof changed',
      bundle => JSON.parse(JSON.stringify(bundle).replace(/"hashes":\["..../, '"hashes":["AAAA')) as unknown,
      'entry 0 is not in the tree of 11 entries that was signed'
    ],
    [
      'an entry that is none',
      bundle => ({ ...bundle, entries: [{ entry: { index: 0 }, proofs: [] }] }),
      'an entry is not as it must be'
    ]
  ])(
    'with %s is refused',
    async (_what, change, problem) => {
      await aLog([]);
      const bundle = parseBundle(JSON.stringify(change(await proveLease(log, 'l'))));
      const result = checkProof(bundle, { organizations: keys, log: await logKey() });
      expect(result).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
    },
    20_000
  );

  test('by a log that invents an organization of the same name is refused', async () => {
    const forger = new Party('uio', 'kari');
    await aLog([]);
    const bundle = await proveLease(log, 'l');
    const forged = new Map([...keys, ['uio', forger.keys.publicKey] as const]);
    expect(checkProof(bundle, { organizations: forged, log: await logKey() })).toEqual({
      ok: false,
      problem: 'the key of uio is not the one you gave'
    });
  });

  test('that joins the true key only after a false one signed the story is refused', async () => {
    const forger = new Party('uio', 'kari');
    await aLog([]);
    const bundle = await proveLease(log, 'l');
    const entries = bundle.entries.map(({ entry, proofs }) => {
      const { envelope } = entry.signed;
      const command =
        envelope.command.type === 'organization.join'
          ? { ...envelope.command, publicKey: forger.keys.publicKey }
          : envelope.command;
      const isHolder = envelope.organization === 'uio';
      return {
        entry: isHolder ? { ...entry, signed: sign({ ...envelope, command }, forger.keys.privateKey) } : entry,
        proofs
      };
    });
    const { entry, proofs } = bundle.entries[2]!;
    const last = { entry: { ...entry, index: 99, time: NOW + 10 * MINUTE }, proofs };
    expect(
      checkProof({ ...bundle, entries: [...entries, last] }, { organizations: keys, log: await logKey() })
    ).toEqual({
      ok: false,
      problem: 'the key of uio is not the one you gave'
    });
  });

  test.each([
    ['no JSON', 'x', 'it is not JSON'],
    ['nothing', 'null', 'its format is not jupyterflow-lease-proof/1'],
    ['no lease', '{"format":"jupyterflow-lease-proof/1"}', 'it does not name a lease and the key of a log'],
    [
      'entries that are none',
      '{"format":"jupyterflow-lease-proof/1","lease":"l","log":"x","checkpoints":[],"entries":[1]}',
      'its checkpoints or entries are not as they must be'
    ]
  ])('that is %s is no proof', (_what, text, why) => {
    expect(() => parseBundle(text)).toThrow(`This is no proof of a lease: ${why}. Give the file that "prove" wrote.`);
  });
});

test('who has a new key since then is known by either key', async () => {
  const ledger = await openEmbeddedLedger({ folder: log, clock: () => clock.now, origin: 'example' });
  for (const party of [owner, holder]) {
    expect(await ledger.submit(party.joins(clock.now))).toMatchObject({ ok: true });
  }
  await gives(ledger, owner, { ...owner.publishes('d', NOW).envelope.command });
  await gives(ledger, holder, request('l'));
  const { party: renewed, signed } = holder.rotates(clock.now);
  expect(await ledger.submit(signed)).toMatchObject({ ok: true });
  await ledger.close();
  const bundle = await proveLease(log, 'l');
  for (const key of [holder.keys.publicKey, renewed.keys.publicKey]) {
    expect(checkProof(bundle, { organizations: new Map([...keys, ['uio', key]]), log: await logKey() })).toMatchObject({
      ok: true
    });
  }
  expect(checkProof(bundle, { organizations: new Map([['uis', owner.keys.publicKey]]), log: await logKey() })).toEqual({
    ok: false,
    problem: 'the key of uio is not known: get it from uio and give it with --org-key uio=KEY'
  });
});

test('who left and joined again without a witness has none any more', async () => {
  const ledger = await openEmbeddedLedger({ folder: log, clock: () => clock.now, origin: 'example' });
  const witness = createKeyPair();
  expect(await ledger.submit(owner.joins(clock.now, witness.publicKey))).toMatchObject({ ok: true });
  expect(await ledger.submit(holder.joins(clock.now, witness.publicKey))).toMatchObject({ ok: true });
  await gives(ledger, holder, { type: 'organization.leave' });
  expect(await ledger.submit(holder.joins(clock.now))).toMatchObject({ ok: true });
  await gives(ledger, owner, { ...owner.publishes('d', NOW).envelope.command });
  await gives(ledger, holder, request('l'));
  const bundle = await ledger.prove('l');
  expect(await ledger.organization('uio')).not.toHaveProperty('witness');
  await ledger.close();
  const result = checkProof(bundle!, { organizations: keys, log: await logKey() });
  expect(result.ok && [...result.story.organizations.values()].filter(one => one.witness !== undefined)).toMatchObject([
    { id: 'uis' }
  ]);
  const [text] = bundle!.checkpoints[0]!.split(/(?<=\n)\n/);
  const old = {
    ...bundle!,
    checkpoints: [bundle!.checkpoints[0]! + cosign(text!, 'uio', witness.privateKey, NOW / 1000)]
  };
  expect(checkProof(old, { organizations: keys })).toEqual({
    ok: false,
    problem: expect.stringMatching(
      /^no witness of an organization whose key you gave cosigned, 1 of those of uis /
    ) as string
  });
});

test.each([-1, MAX_TIME - 1, 9e15])('an entry at a time that nobody can tell, %d ms, is refused', async time => {
  await aLog([]);
  const bundle = await proveLease(log, 'l');
  const entries = bundle.entries.map((one, n) =>
    n === bundle.entries.length - 1 ? { ...one, entry: { ...one.entry, time } } : one
  );
  expect(checkProof({ ...bundle, entries }, { organizations: keys, log: await logKey() })).toEqual({
    ok: false,
    problem: 'entry 9 has a time that can not be: give the file that "prove" wrote'
  });
});

test('a cosignature at a time that nobody can tell is none', async () => {
  const ledger = await openEmbeddedLedger({ folder: log, clock: () => clock.now, origin: 'example' });
  const witness = createKeyPair();
  for (const party of [owner, holder]) {
    expect(await ledger.submit(party.joins(clock.now, witness.publicKey))).toMatchObject({ ok: true });
  }
  await gives(ledger, owner, { ...owner.publishes('d', NOW).envelope.command });
  await gives(ledger, holder, request('l'));
  const bundle = await ledger.prove('l');
  await ledger.close();
  const [text] = bundle!.checkpoints[0]!.split(/(?<=\n)\n/);
  const cosigned = (time: number) => ({
    ...bundle!,
    checkpoints: [
      ['uis', 'uio'].reduce(
        (note, name) => note + cosign(text!, name, witness.privateKey, time),
        bundle!.checkpoints[0]!
      )
    ]
  });
  expect(checkProof(cosigned(NOW / 1000), { organizations: keys })).toMatchObject({ ok: true });
  expect(checkProof(cosigned(MAX_TIME), { organizations: keys })).toMatchObject({ ok: false });
});
