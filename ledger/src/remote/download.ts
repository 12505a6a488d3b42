import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILES } from '../embedded/files.js';
import { LedgerError } from '../errors.js';

/**
 * Copies a log from the ledger API of a platform, `GET checkpoint` and `GET entries`, into a folder that is removed
 * afterwards.
 *
 * @param url - of the API, such as `https://hub.example/services/platform/api/v1/ledger`
 * @throws {@link LedgerError} `IO`, when it can't be had
 */
export async function withDownload<T>(url: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'jupyterflow-ledger-'));
  try {
    // The checkpoint first: the entries that it covers are there by then.
    await writeFile(join(folder, FILES.checkpoint), await (await get(url, 'checkpoint')).text());
    const { body } = await get(url, 'entries');
    await pipeline(body === null ? [] : Readable.fromWeb(body), createWriteStream(join(folder, FILES.log)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function get(url: string, what: string): Promise<Response> {
  const token = process.env['JUPYTERHUB_API_TOKEN'];
  const headers = token === undefined ? {} : { authorization: `token ${token}` };
  const address = `${url.replace(/\/$/, '')}/${what}`;
  let response;
  try {
    response = await fetch(address, { headers, redirect: 'error' });
  } catch (cause) {
    throw new LedgerError('IO', `${address} can not be reached. Look whether the address is right.`, { cause });
  }
  if (!response.ok) {
    throw new LedgerError(
      'IO',
      `${address} answered ${response.status}. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of a steward.`
    );
  }
  return response;
}
