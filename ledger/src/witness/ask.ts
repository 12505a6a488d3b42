/** What a witness answered. */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

/** Asks the witness at an address to cosign; rejects when it can't be reached, or the signal ends it. */
export type AskWitness = (url: string, body: string, signal: AbortSignal) => Promise<WitnessReply>;

/** Largest reply that is read, bytes: a line with a cosignature and the longest refusal are far below. */
const MAX_REPLY = 10_000;

/** Over HTTP: https://c2sp.org/tlog-witness. */
export const askOverHttp: AskWitness = async (url, body, signal) => {
  const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body,
    signal,
    redirect: 'error'
  });
  return { status: response.status, body: await readSome(response) };
};

/** Reads a body that is not under our control; a longer one is cut off, unread. */
async function readSome({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_REPLY) {
      throw new Error(`its reply is longer than ${MAX_REPLY} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
