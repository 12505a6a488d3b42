import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Finality, type FinalityOptions, type LogHead } from './finality.js';
import { leafBytes } from './entry.js';
import { createKeyPair } from './keys.js';
import { leafHash } from './merkle/hash.js';
import { MerkleTree } from './merkle/tree.js';
import { signCheckpoint } from './note/checkpoint.js';
import { Draft, Replica } from './replica.js';
import { Party, scratchFolder } from './scenario.js';
import type { AskWitness } from './witness/ask.js';
import { openWitnessFolder } from './witness/folder.js';
import { Witness } from './witness/witness.js';

const NOW = Date.UTC(2026, 0, 1);
const log = createKeyPair();
const verifier = { name: 'test', publicKey: log.publicKey };
const names = ['uis', 'uio', 'uib'];

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** A log of three organizations with a witness each, in this process; each can be cut off. */
async function stage(kept: FinalityOptions['kept'] = new Map()) {
  const replica = new Replica();
  const tree = new MerkleTree();
  const cutOff = new Set<string>();
  const ahead = new Map<string, number>();
  const notes = new Map(kept);
  const asked: string[] = [];
  const witnesses = new Map<string, Witness>();
  const closes: (() => Promise<void>)[] = [];
  const add = (party: Party, command: Parameters<Party['signs']>[0]): LogHead => {
    const draft = new Draft(replica);
    expect(draft.submit(party.signs(command, NOW), NOW)).toMatchObject({ ok: true });
    replica.commit(draft);
    const entry = leafBytes(draft.entries[0]!);
    tree.append(leafHash(entry));
    const head = { origin: 'test', size: tree.size, root: tree.root() };
    return { note: signCheckpoint(head, log.privateKey), size: tree.size, entry };
  };
  const parties = names.map(name => new Party(name, 'ola'));
  let head: LogHead = { note: '', size: 0 };
  for (const party of parties) {
    const { organization: name } = party;
    const opened = await openWitnessFolder(join(folder, name), name, ['test']);
    closes.push(() => opened.close());
    witnesses.set(name, new Witness({ name, ...opened, logs: [verifier], clock: () => NOW + (ahead.get(name) ?? 0) }));
    head = add(party, { type: 'organization.join', name, publicKey: party.keys.publicKey, witness: opened.publicKey });
  }
  const ask: AskWitness = async (url, body) => {
    asked.push(url);
    if (cutOff.has(url)) {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    }
    return witnesses.get(url)!.addCheckpoint(body);
  };
  const finality = new Finality(
    {
      replica,
      tree,
      addresses: names.map(organization => ({ organization, url: organization })),
      ask,
      kept,
      keep: (organization, note) => {
        notes.set(organization, note);
        return Promise.resolve();
      }
    },
    head
  );
  const publish = (id: string) => {
    const { envelope } = parties[0]!.publishes(id, NOW);
    finality.committed(add(parties[0]!, envelope.command));
    return tree.size - 1;
  };
  const admit = (party: Party) => {
    const { organization: name, keys } = party;
    const witness = createKeyPair().publicKey;
    finality.committed(add(party, { type: 'organization.join', name, publicKey: keys.publicKey, witness }));
  };
  const close = async () => {
    await finality.close();
    await Promise.all(closes.map(one => one()));
  };
  return { finality, publish, admit, cutOff, ahead, notes, asked, close, tree };
}

const LONG = 60_000;

test('an entry is final when the witnesses of a majority cosigned it, and not before', async () => {
  const { finality, publish, cutOff, close } = await stage();
  expect(await finality.wait(2, LONG)).toMatchObject({ index: 2, final: true, needed: 2 });
  cutOff.add('uio').add('uib');
  const index = publish('d');
  expect(await finality.wait(index, 20)).toEqual({ index, final: false, witnesses: ['uis'], needed: 2 });
  cutOff.delete('uib');
  const later = publish('e');
  expect(await finality.wait(later, LONG)).toEqual({ index: later, final: true, witnesses: ['uis', 'uib'], needed: 2 });
  expect(finality.state(index)).toMatchObject({ final: true });
  await close();
});

test('what is not on the log yet is not final', async () => {
  const { finality, close } = await stage();
  await finality.wait(2, LONG);
  expect(finality.state(3)).toMatchObject({ final: false, witnesses: [] });
  await close();
});

test('what was final stays so when another organization joins with a witness', async () => {
  const { finality, publish, admit, cutOff, close } = await stage();
  await finality.wait(2, LONG);
  cutOff.add('uib');
  const index = publish('d');
  expect(await finality.wait(index, LONG)).toMatchObject({ final: true, needed: 2 });
  cutOff.add('uio').add('uis');
  admit(new Party('ntnu', 'eva'));
  expect(finality.state(index)).toEqual({ index, final: true, witnesses: ['uis', 'uio'], needed: 3 });
  expect(await finality.wait(index, LONG)).toMatchObject({ final: true });
  expect(finality.state(index + 1)).toMatchObject({ final: false, needed: 3 });
  await close();
});

/** The finality of a log of two entries that asks no witness. */
function withoutAddresses(replica: Replica): Finality {
  const ask = () => Promise.reject(new Error('nobody is asked'));
  const [tree, keep] = [new MerkleTree(), () => Promise.resolve()];
  return new Finality({ replica, tree, addresses: [], ask, kept: new Map(), keep }, { note: '', size: 2 });
}

test('what was committed while nobody had a witness stays final when the first one comes', async () => {
  const replica = new Replica();
  const finality = withoutAddresses(replica);
  const draft = new Draft(replica);
  draft.submit(new Party('uis', 'ola').joins(NOW, createKeyPair().publicKey), NOW);
  replica.commit(draft);
  finality.committed({ note: '', size: 3 });
  expect(finality.state(1)).toEqual({ index: 1, final: true, witnesses: [], needed: 1 });
  expect(finality.state(2)).toEqual({ index: 2, final: false, witnesses: [], needed: 1 });
  await finality.close();
});

test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('%p is the index of no entry', async index => {
  const { finality, close } = await stage();
  expect(() => finality.state(index)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  await expect(finality.wait(index, LONG)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `There is no entry ${index}. Ask for an index: 0, 1, 2 and so on.`
  });
  await close();
});

test('of the commits while a witness is asked only the last one is shown to it', async () => {
  const { finality, publish, asked, close } = await stage();
  await finality.wait(2, LONG);
  asked.length = 0;
  const indices = Array.from({ length: 50 }, (_, n) => publish(`d${n}`));
  expect(await finality.wait(indices.at(-1)!, LONG)).toMatchObject({ final: true });
  await close();
  expect(asked.filter(name => name === 'uis').length).toBeLessThanOrEqual(2);
});

test('a witness that can not be reached is told with its lag', async () => {
  const { finality, publish, cutOff, close } = await stage();
  await finality.wait(2, LONG);
  cutOff.add('uio');
  const index = publish('d');
  expect(await finality.wait(index, LONG)).toMatchObject({ final: true });
  await close();
  expect(finality.witnesses()).toEqual([
    { organization: 'uis', size: 4, lag: 0 },
    { organization: 'uio', size: 3, lag: 1, problem: 'it can not be reached at uio (ECONNREFUSED)' },
    { organization: 'uib', size: 4, lag: 0 }
  ]);
});

test('a witness whose clock differs refuses, and that is told', async () => {
  const { finality, ahead, publish, close } = await stage();
  await finality.wait(2, LONG);
  ahead.set('uib', 3_600_000);
  await finality.wait(publish('d'), LONG);
  await close();
  expect(finality.witnesses()[2]).toEqual({
    organization: 'uib',
    size: 3,
    lag: 1,
    problem:
      "it refused: CLOCK_SKEW: the newest entry says 2026-01-01 00:00:00 UTC, the witness's clock 2026-01-01 01:00:00 UTC: 1 h apart, at most 30 s are allowed; the next entry may be cosigned"
  });
});

test('what was cosigned before a restart counts after it; what is of another history does not', async () => {
  const first = await stage();
  await first.finality.wait(2, LONG);
  const index = first.publish('d');
  await first.finality.wait(index, LONG);
  await first.close();
  expect([...first.notes.keys()].sort()).toEqual([...names].sort());
  // The same witnesses, another log under the same key: shorter, and signed anew.
  const second = await stage(first.notes);
  expect(second.finality.state(0)).toMatchObject({ final: false, witnesses: [] });
  await second.close();
});

test('without witnesses what is committed is final', async () => {
  const replica = new Replica();
  const finality = withoutAddresses(replica);
  expect(finality.state(1)).toEqual({ index: 1, final: true, witnesses: [], needed: 0 });
  expect(finality.state(2)).toEqual({ index: 2, final: false, witnesses: [], needed: 0 });
  await finality.close();
});

test('an organization whose witness is nowhere counts, and is told of', async () => {
  const { finality, close, tree } = await stage();
  await finality.wait(2, LONG);
  await close();
  const replica = new Replica();
  const draft = new Draft(replica);
  const party = new Party('ntnu', 'eva');
  draft.submit(
    party.signs(
      { type: 'organization.join', name: 'NTNU', publicKey: party.keys.publicKey, witness: createKeyPair().publicKey },
      NOW
    ),
    NOW
  );
  replica.commit(draft);
  const ask = () => Promise.reject(new Error('nobody is asked'));
  const alone = new Finality(
    { replica, tree, addresses: [], ask, kept: new Map(), keep: () => Promise.resolve() },
    { note: '', size: 1 }
  );
  expect(alone.state(0)).toEqual({ index: 0, final: false, witnesses: [], needed: 1 });
  expect(alone.witnesses()).toEqual([
    { organization: 'ntnu', size: 0, lag: 1, problem: 'its address is not known here' }
  ]);
  await alone.close();
});
