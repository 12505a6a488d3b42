import { spawn } from 'node:child_process';
import { closeSync, fstatSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Fifos } from './fifos.js';
import { LogWriter } from './log.js';
import { readLog } from './log-reader.js';
import { Signal } from './signal.js';

let folder: string;
let path: string;
let fifos: Fifos;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-log-'));
  path = join(folder, 'a', '1.log');
  fifos = await Fifos.open(join(folder, 'fifos'));
});

afterEach(async () => {
  await fifos.close();
  await rm(folder, { recursive: true });
});

async function writeBy(sh: string, limit?: number, note?: string): Promise<string> {
  const log = new LogWriter(path, await fifos.take(), new Signal(), limit);
  spawn('/bin/sh', ['-c', sh], { stdio: ['ignore', log.output, log.output] });
  await log.finish(10_000, note);
  return readFile(path, 'utf8');
}

async function read(file: string, tail?: number): Promise<string> {
  let text = '';
  const options = { changed: new Signal(), isComplete: () => true, ...(tail === undefined ? {} : { tail }) };
  for await (const part of readLog(file, options)) text += part;
  return text;
}

test('what is written to stdout and stderr is kept in order, and a note is its last line', async () => {
  expect(await writeBy('echo 1; echo 2 >&2; echo 3', undefined, 'a note')).toBe('1\n2\n3\na note\n');
  expect(await readdir(join(folder, 'a'))).toEqual(['1.log']);
});

test('a log is cut at its limit, says so, and its writer is not held up', async () => {
  expect(await writeBy('seq 1 100000; echo end', 20)).toBe(
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n[jupyterflow: cut after 20 bytes]\n'
  );
});

test('a log of exactly its limit is not cut', async () => {
  expect(await writeBy('printf 12345', 5)).toBe('12345');
});

test('there is no file of a job that writes nothing', async () => {
  await expect(writeBy('true')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('pipes are made in batches, each is used once, and none is left', async () => {
  const taken = await Promise.all(Array.from({ length: 100 }, () => fifos.take()));
  const ends = taken.flatMap(({ input, output }) => [input, output]);
  expect(new Set(ends).size).toBe(200);
  expect(new Set(taken.map(({ input }) => fstatSync(input).ino)).size).toBe(100);
  for (const end of ends) closeSync(end);
  await fifos.close();
  expect(await readdir(folder)).toEqual([]);
});

test('a log that does not exist has no text', async () => {
  expect(await read(path)).toBe('');
});

test('characters that lie across two reads stay whole', async () => {
  const text = `x${'ü€𝄞'.repeat(20_000)}`;
  await writeFile(join(folder, 'long'), text);
  expect(await read(join(folder, 'long'))).toBe(text);
});

test('bytes that are no characters are replaced', async () => {
  await writeFile(join(folder, 'raw'), Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]));
  expect(await read(join(folder, 'raw'))).toBe('a\ufffdb\ufffd');
});

test('the tail is the last lines of any text', async () => {
  const file = join(folder, 'tail');
  const line = fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 5, unit: fc.constantFrom('a', 'b') }),
    fc.constant('c'.repeat(70_000))
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), fc.boolean(), fc.nat(8), async (lines, closed, count) => {
      const whole = lines.map((text, place) => (place < lines.length - 1 || closed ? `${text}\n` : text));
      await writeFile(file, whole.join(''));
      const shown = whole.filter(text => text !== '');
      expect(await read(file, count)).toBe(count === 0 ? '' : shown.slice(-count).join(''));
    }),
    { numRuns: 100 }
  );
});
