import { readdir, readFile, rm } from 'node:fs/promises';
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
