/** What a witness answered. */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

/** Asks the witness at an address to cosign; rejects when it can't be reached. */
export type AskWitness = (url: string, body: string, signal: AbortSignal) => Promise<WitnessReply>;

/** Largest reply that is read, characters. */
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
  return { status: response.status, body: (await response.text()).slice(0, MAX_REPLY) };
};
