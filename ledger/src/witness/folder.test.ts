import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyPair } from '../keys.js';
import { signCheckpoint } from '../note/checkpoint.js';
import { cosign } from '../note/cosignature.js';
import { parseNote } from '../note/signed-note.js';
import { scratchFolder } from '../scenario.js';
import { openWitnessFolder, type WitnessFolder } from './folder.js';
import type { Seen } from './witness.js';

const TIME = Date.UTC(2026, 0, 1);
const log = createKeyPair();

let folder: string;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => rm(folder, { recursive: true }));

const open = (origins: readonly string[] = ['test']): Promise<WitnessFolder> =>
  openWitnessFolder(folder, 'uio', origins);

const checkpoint = (size: number, fill: number): string =>
  signCheckpoint({ origin: 'test', size, root: Buffer.alloc(32, fill) }, log.privateKey);

/** What the witness with a key cosigned: a tree of this size, whose root is this byte 32 times. */
function cosigned(privateKey: string, size: number, fill: number): Seen {
  const note = checkpoint(size, fill);
  const line = cosign(parseNote(note)!.text, 'uio', privateKey, TIME / 1000);
  return { note: `${note}${line}`, size, root: Buffer.alloc(32, fill).toString('base64'), time: TIME };
}

test('two checkpoints that contradict each other are kept once, whatever lines others add to them', async () => {
  const opened = await open();
  const { memory, privateKey } = opened;
  const seen = cosigned(privateKey, 3, 1);
  for (const extra of ['', '\u2014 x1 AAAAAAAA\n', '\u2014 x2 AAAAAAAA\n']) {
    await memory.accuse('test', seen, `${checkpoint(3, 2)}${extra}`);
  }
  const forks = () => readdir(folder).then(files => files.filter(file => file.startsWith('fork-')));
  expect(await forks()).toHaveLength(1);
  expect(await readFile(join(folder, (await forks())[0]!), 'utf8')).toBe(`${seen.note}\n${checkpoint(3, 2)}`);
  await memory.accuse('test', seen, checkpoint(3, 4));
  expect(await forks()).toHaveLength(2);
  await opened.close();
});

test('a folder is of one process at a time, and who comes second is told that a witness has it', async () => {
  const opened = await open();
  await expect(open()).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringMatching(new RegExp(`^The witness in ${folder} .* process ${process.pid} `)) as string
  });
  await opened.close();
  await (await open()).close();
});

describe('a witness that forgot what it cosigned does not begin again with the same key', () => {
  const seenFile = async () => (await readdir(folder)).find(file => file.startsWith('seen-'))!;

  async function cosignsOnce(): Promise<void> {
    const opened = await open();
    await opened.memory.keep('test', cosigned(opened.privateKey, 3, 1));
    await opened.close();
  }

  const refusal = (what: string) => ({
    code: 'CORRUPT',
    message: `${what}: the witness could be shown another history. Begin anew in an empty folder, and rotate the witness key of the organization (organization.rotate) to the one that --show-key prints there.`
  });

  test('a log that it cosigned and whose file is gone', async () => {
    await cosignsOnce();
    const lost = await seenFile();
    await rm(join(folder, lost));
    await expect(open()).rejects.toMatchObject(
      refusal(`The witness in ${folder} cosigned the log test, but ${lost} is gone`)
    );
    // Other logs, and the question for the key, go on.
    await (await open(['other'])).close();
    await (await open([])).close();
  });

  test('a key that was put back alone', async () => {
    await cosignsOnce();
    await rm(join(folder, await seenFile()));
    await rm(join(folder, 'witness.logs'));
    await expect(open()).rejects.toMatchObject(refusal(`witness.logs in ${folder} is gone, and all that was seen`));
  });

  test('a key that is gone is not replaced while there is something that it cosigned', async () => {
    await cosignsOnce();
    await rm(join(folder, 'witness.key'));
    await expect(open()).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('has lost its key') as string
    });
  });

  test('the list of logs is there before the cosignature is given out', async () => {
    const opened = await open();
    expect(await readFile(join(folder, 'witness.logs'), 'utf8')).toBe('');
    await opened.memory.keep('test', cosigned(opened.privateKey, 3, 1));
    expect(await readFile(join(folder, 'witness.logs'), 'utf8')).toBe('test\n');
    await opened.close();
  });

  test('a folder from before there was a list gets one when it is opened', async () => {
    await cosignsOnce();
    await rm(join(folder, 'witness.logs'));
    const opened = await open();
    expect(opened.memory.last('test')).toMatchObject({ size: 3 });
    expect(await readFile(join(folder, 'witness.logs'), 'utf8')).toBe('test\n');
    await opened.close();
  });

  test('a log that it never cosigned begins with nothing seen', async () => {
    await cosignsOnce();
    const opened = await open(['test', 'other']);
    expect(opened.memory.last('test')).toEqual(cosigned(opened.privateKey, 3, 1));
    expect(opened.memory.last('other')).toBeUndefined();
    await opened.close();
  });
});

describe('a damaged file of what was seen is not believed', () => {
  async function damaged(change: (text: string) => string): Promise<string> {
    const opened = await open();
    await opened.memory.keep('test', cosigned(opened.privateKey, 35, 1));
    await opened.close();
    const file = (await readdir(folder)).find(name => name.startsWith('seen-'))!;
    const text = await readFile(join(folder, file), 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    await writeFile(join(folder, file), changed);
    return file;
  }

  test.each<[string, (text: string) => string]>([
    ['another size', text => text.replace('"size":35', '"size":34')],
    ['another size in the checkpoint', text => text.replace('\\n35\\n', '\\n34\\n')],
    ['another size in both', text => text.replace('"size":35', '"size":34').replace('\\n35\\n', '\\n34\\n')],
    ['another root', text => text.replace('"root":"A', '"root":"B')],
    ['a later time', text => text.replace('"time":1', '"time":9')],
    ['a time that is none', text => text.replace('"time":1', '"time":0.1')],
    ['no cosignature', text => text.replace('uio', 'uib')],
    ['another origin', text => text.replace('test', 'rest')],
    ['nothing in it', () => '{}'],
    ['null', () => 'null'],
    ['a number', () => '7'],
    ['a list', () => '[]'],
    ['half of it', text => text.slice(0, text.length / 2)],
    ['no byte', () => '']
  ])('%s', async (_what, change) => {
    const file = await damaged(change);
    await expect(open()).rejects.toMatchObject({
      code: 'CORRUPT',
      message: `${file} in ${folder} is damaged: the witness could be shown another history. Begin anew in an empty folder, and rotate the witness key of the organization (organization.rotate) to the one that --show-key prints there.`
    });
  });
});
