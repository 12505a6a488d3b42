import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openEmbeddedLedger } from '../embedded/open.js';
import { verifyLog } from '../embedded/verify.js';
import { readVerifier } from '../embedded/identity.js';
import { Party, scratchFolder } from '../scenario.js';
import { downloadProof, isAddress, withDownload, type DownloadOptions } from './download.js';

let folder: string;
/** Where copies are made. */
let temporary: string;
let files: Readonly<Record<string, Buffer>>;
beforeAll(async () => {
  folder = await scratchFolder();
  temporary = join(folder, 'temporary');
  await mkdir(temporary);
  const ledger = await openEmbeddedLedger({ folder, origin: 'test' });
  await ledger.submit(new Party('uio', 'kari').joins(Date.now()));
  await ledger.close();
  files = {
    '/log/checkpoint': await readFile(join(folder, 'checkpoint')),
    '/log/entries': await readFile(join(folder, 'log.jsonl'))
  };
});
afterAll(() => rm(folder, { recursive: true }));

let server: Server;
let url: string;
/** What is answered instead of the log. */
let instead: Readonly<Record<string, RequestListener>>;
beforeEach(async () => {
  instead = {};
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer: RequestListener = instead[path] ?? ((_request, good) => good.end(files[path]));
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

/** What is said when a log can't be copied; none of the copy is left. */
async function refused(options?: DownloadOptions): Promise<unknown> {
  const error: unknown = await withDownload(url, () => Promise.resolve(), { ...options, temporary }).then(
    () => undefined,
    (reason: unknown) => reason
  );
  expect(await readdir(temporary)).toEqual([]);
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return { code, message };
}

/** Sends one piece again and again, as long as somebody reads. */
const endless =
  (piece: string | Buffer): RequestListener =>
  (_request, response) => {
    const more = (): void => {
      while (response.write(piece));
      response.once('drain', more);
    };
    more();
  };
const silent: RequestListener = () => undefined;

test('a log is copied as it is, and the copy removed when it was used', async () => {
  const key = await readVerifier(folder);
  const used = await withDownload(
    url,
    async copy => {
      expect(await verifyLog(copy, { key })).toMatchObject({ ok: true, size: 1 });
      expect(join(temporary, basename(copy))).toBe(copy);
      return copy;
    },
    { temporary }
  );
  await expect(readdir(used)).rejects.toMatchObject({ code: 'ENOENT' });
});

describe('what is no log is told as such', () => {
  const html: RequestListener = (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>\n');
  test.each([
    ['a page in place of the checkpoint', 'checkpoint', html, 'a signed checkpoint'],
    ['a page in place of the entries', 'entries', html, 'the entries of a log'],
    ['entries that have no end of a line', 'entries', endless(`{${'a'.repeat(1 << 20)}`), 'the entries of a log']
  ])('%s', async (_what, path, answer, expected) => {
    instead = { [`/log/${path}`]: answer };
    expect(await refused()).toEqual({
      code: 'INVALID',
      message: `${url}/${path} is no log: it did not answer ${expected}. Look whether it is right.`
    });
  });
});

describe('what the other side sends is bounded', () => {
  test('a checkpoint without an end', async () => {
    instead = { '/log/checkpoint': endless('test\n'.repeat(1000)) };
    expect(await refused()).toEqual({
      code: 'IO',
      message: `${url}/checkpoint sends more than 65536 bytes. Look whether the address is right.`
    });
  });

  test('entries without an end', async () => {
    instead = { '/log/entries': endless(Buffer.concat(Array.from({ length: 500 }, () => files['/log/entries']!))) };
    expect(await refused({ log: 5 * 1024 ** 2 })).toEqual({
      code: 'IO',
      message:
        `${url}/entries sends more than 5 MiB. If the log is that large, say so with --max-size, and see that ` +
        'the temporary folder (TMPDIR) has room for it.'
    });
  });

  test('a proof without an end', async () => {
    instead = { '/leases/l/proof': endless(Buffer.alloc(1 << 22, 'a')) };
    await expect(downloadProof(url, 'l')).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringMatching(/\/leases\/l\/proof sends more than 268435456 bytes\./) as string
    });
  });
});

test.each(['checkpoint', 'entries'])('%s: what breaks off is not taken for the whole', async what => {
  const whole = files[`/log/${what}`]!;
  instead = {
    [`/log/${what}`]: (_request, response) => {
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, 50), () => response.destroy());
    }
  };
  expect(await refused()).toEqual({
    code: 'IO',
    message: `${url}/${what} broke off before its end. Try again later.`
  });
});

describe('who sends nothing is not waited for for ever', () => {
  test('no answer', async () => {
    instead = { '/log/checkpoint': silent };
    expect(await refused({ silence: 50 })).toEqual({
      code: 'IO',
      message: `${url}/checkpoint sent nothing for 0.05 s. Look whether the address is right.`
    });
  });

  test('half an answer', async () => {
    instead = { '/log/entries': (_request, response) => void response.write(files['/log/entries']!.subarray(0, 50)) };
    expect(await refused({ silence: 50 })).toEqual({
      code: 'IO',
      message: `${url}/entries sent nothing for 0.05 s. Try again later.`
    });
  });
});

test.each([
  ['https://hub.example/ledger', true],
  ['HTTP://127.0.0.1:8000', true],
  ['lf:log', false],
  ['file:///tmp/log', false],
  ['C:\\log', false],
  ['log', false]
])('%s: whether it is an address: %s', (log, is) => {
  expect(isAddress(log)).toBe(is);
});
