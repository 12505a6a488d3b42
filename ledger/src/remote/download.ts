import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILES } from '../embedded/files.js';
import { LedgerError } from '../errors.js';
import { parseBundle, type ProofBundle } from '../proof/bundle.js';

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

/**
 * Gets the proof of a lease from a platform, as it is: `verify-proof` checks it.
 *
 * @param url - of the ledger API, as above
 * @throws {@link LedgerError} `IO`, when it can't be had; `INVALID`, when it is none
 */
export async function downloadProof(url: string, lease: string): Promise<ProofBundle> {
  const response = await get(
    url,
    `../leases/${encodeURIComponent(lease)}/proof`,
    'who holds the lease, or of a steward of its owner'
  );
  return parseBundle(await response.text());
}

/** @param whose - token it takes */
async function get(url: string, what: string, whose = 'a steward'): Promise<Response> {
  const token = process.env['JUPYTERHUB_API_TOKEN'];
  const headers = token === undefined ? {} : { authorization: `token ${token}` };
  const address = new URL(what, `${url.replace(/\/$/, '')}/`).href;
  let response;
  try {
    response = await fetch(address, { headers, redirect: 'error' });
  } catch (cause) {
    throw new LedgerError('IO', `${address} can not be reached. Look whether the address is right.`, { cause });
  }
  if (!response.ok) {
    throw new LedgerError(
      'IO',
      `${address} answered ${response.status}. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of ${whose}.`
    );
  }
  return response;
}
