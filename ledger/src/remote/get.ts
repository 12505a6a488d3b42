import { LedgerError } from '../errors.js';

/** What an address answers, piece by piece. */
export interface Answer {
  readonly address: string;
  /** @throws {@link LedgerError} `IO`, when it breaks off or nothing comes for too long */
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface GetOptions {
  /** Whose token it takes. */
  readonly whose?: string;
  /** How long nothing may come, ms. */
  readonly silence?: number | undefined;
}

/** How long nothing may come, ms. */
const SILENCE = 30_000;

/**
 * Gets something of the ledger API of a platform.
 *
 * @param what - relative to the address of the API
 * @throws {@link LedgerError} `IO`, when it can't be had
 */
export async function get(
  url: string,
  what: string,
  { whose = 'a steward', silence = SILENCE }: GetOptions = {}
): Promise<Answer> {
  const address = new URL(what, `${url.replace(/\/$/, '')}/`).href;
  const patience = new Patience(silence);
  let response: Response;
  try {
    const token = process.env['JUPYTERHUB_API_TOKEN'];
    const headers = token === undefined ? {} : { authorization: `token ${token}` };
    response = await fetch(address, { headers, redirect: 'error', signal: patience.signal });
  } catch (cause) {
    const problem = patience.isOver ? silent(address, silence) : `${address} can not be reached`;
    throw new LedgerError('IO', `${problem}. Look whether the address is right.`, { cause });
  } finally {
    patience.rest();
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new LedgerError(
      'IO',
      `${address} answered ${response.status}. Look whether the address is right, and whether JUPYTERHUB_API_TOKEN is the token of ${whose}.`
    );
  }
  return { address, pieces: piecesOf(address, response.body, patience, silence) };
}

/** @throws {@link LedgerError} `IO`, when it is longer than `most` bytes, or can't be had */
export async function textOf({ address, pieces }: Answer, most: number): Promise<string> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > most) {
      throw new LedgerError('IO', `${address} sends more than ${most} bytes. Look whether the address is right.`);
    }
    all.push(piece);
  }
  return Buffer.concat(all).toString();
}

async function* piecesOf(
  address: string,
  body: Response['body'],
  patience: Patience,
  silence: number
): AsyncGenerator<Uint8Array, void> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  try {
    for (;;) {
      patience.wait();
      const next = await reader?.read();
      patience.rest();
      if (next?.value === undefined) {
        return;
      }
      yield next.value;
    }
  } catch (cause) {
    const problem = patience.isOver ? silent(address, silence) : `${address} broke off before its end`;
    throw new LedgerError('IO', `${problem}. Try again later.`, { cause });
  } finally {
    patience.rest();
    // What was not read is not wanted: one that broke off has nothing to cancel.
    await reader?.cancel().catch(() => undefined);
  }
}

function silent(address: string, silence: number): string {
  return `${address} sent nothing for ${silence / 1000} s`;
}

/** Gives up waiting after a while. */
class Patience {
  readonly #controller = new AbortController();
  readonly #most: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param most - ms; begins to wait */
  constructor(most: number) {
    this.#most = most;
    this.wait();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isOver(): boolean {
    return this.#controller.signal.aborted;
  }

  wait(): void {
    this.rest();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#most);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}
