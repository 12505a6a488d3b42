import type { Problem } from '@jupyterflow/schema';
import { errorWords, PlatformError } from './problems';
import { Http, type Settings } from './request';
import { trans } from './testing/fixtures';
import { platformUrl } from './url';

const BASE = 'http://hub.test/services/platform/';

interface Call {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Record<string, string> };
}

/** Answers of a server, in order; a thrown error is a network failure. */
function server(...answers: (Response | Error)[]): { readonly http: Http; readonly calls: Call[] } {
  const calls: Call[] = [];
  const fetch = (url: string, init: Call['init']): Promise<Response> => {
    calls.push({ url, init });
    const answer = answers.shift() ?? new Error('no more answers');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { http: new Http(() => BASE, { token: 'secret', fetch } as Settings), calls };
}

/** As much of a response as the client looks at. */
function answer(status: number, body: string, chunks?: readonly string[]): Response {
  const parts = (chunks ?? []).map(chunk => new TextEncoder().encode(chunk));
  return {
    ok: status < 400,
    status,
    json: () => Promise.resolve().then(() => JSON.parse(body) as unknown),
    body: {
      getReader: () => ({
        read: () => Promise.resolve(parts.length > 0 ? { done: false, value: parts.shift() } : { done: true }),
        cancel: () => Promise.resolve()
      })
    }
  } as unknown as Response;
}

const refused: Problem = {
  type: 'about:blank',
  title: 'In use',
  status: 409,
  code: 'LEASED',
  detail: 'In use at uib until 14:32.'
};

async function words(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason
  );
  return errorWords(error, trans);
}

test('a request carries the token in a header and no cookies', async () => {
  const { http, calls } = server(answer(200, '{"items":[]}'));
  expect(await http.get('datasets', { q: 'pen guin', cursor: undefined, limit: 5, tag: '' })).toEqual({ items: [] });
  expect(calls[0]?.url).toBe(`${BASE}api/v1/datasets?q=pen+guin&limit=5`);
  expect(calls[0]?.init).toMatchObject({ credentials: 'omit', headers: { Authorization: 'token secret' } });
});

test('a write that got no answer is sent once more with the same key', async () => {
  const { http, calls } = server(new TypeError('Failed to fetch'), answer(201, '{"id":"ls_1"}'));
  expect(await http.post('datasets/ds_1/leases', { purpose: 'research' })).toEqual({ id: 'ls_1' });
  const keys = calls.map(({ init }) => init.headers['Idempotency-Key']);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys).toEqual([keys[0], keys[0]]);
});

test('a write that was refused is not sent again', async () => {
  const { http, calls } = server(answer(409, JSON.stringify(refused)));
  expect(await words(http.post('x', {}))).toBe('In use at uib until 14:32.');
  expect(calls).toHaveLength(1);
});

test.each([
  [answer(502, '<h1>Bad gateway</h1>'), `The platform at ${BASE} does not answer (502).`],
  [answer(404, ''), `There is no platform at ${BASE} (404).`],
  [answer(401, ''), 'You are not signed in any more. Reload the page to sign in.'],
  [
    answer(403, '{"message":"no"}'),
    `You may not use the platform at ${BASE}. Sign out and in again, or ask your administrator for access.`
  ],
  [answer(200, '<html>login</html>'), `The platform at ${BASE} does not answer (200).`],
  [new TypeError('Failed to fetch'), `The platform at ${BASE} can’t be reached (Failed to fetch).`],
  [answer(409, JSON.stringify(refused)), 'In use at uib until 14:32.']
])('what happened is told in words: %#', async (given, text) => {
  expect(await words(server(given).http.get('me'))).toBe(text);
});

test('a problem keeps its code', async () => {
  const error: unknown = await server(answer(409, JSON.stringify(refused)))
    .http.get('me')
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PlatformError);
  expect((error as PlatformError).code).toBe('LEASED');
  expect((error as PlatformError).passing).toBe(false);
});

test('an answer that does not come in time is given up', async () => {
  const fetch = (_: string, { signal }: RequestInit): Promise<Response> =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  const http = new Http(() => BASE, { token: '', fetch } as unknown as Settings, 1);
  expect(await words(http.get('me'))).toBe(`The platform at ${BASE} did not answer in 0.001 s.`);
});

test('a text comes in parts, also when a letter is cut in two', async () => {
  const response = answer(200, '', ['one ', 'two']);
  const parts: string[] = [];
  for await (const part of server(response).http.text('log', {}, new AbortController().signal)) {
    parts.push(part);
  }
  expect(parts.join('')).toBe('one two');
});

describe('the address of the platform', () => {
  const place = { setting: '', hubPrefix: '', hubHost: '', serverUrl: 'http://lab.test:8888/' };
  test.each([
    [
      'beside the Hub',
      { hubPrefix: '/hub/', serverUrl: 'http://hub.test/user/ada/' },
      'http://hub.test/services/platform/'
    ],
    [
      'beside a Hub with a path',
      { hubPrefix: '/jupyter/hub/', serverUrl: 'http://hub.test/jupyter/user/ada/' },
      'http://hub.test/jupyter/services/platform/'
    ],
    [
      'at the Hub’s own host',
      { hubPrefix: '/hub/', hubHost: 'https://hub.test', serverUrl: 'https://ada.hub.test/user/ada/' },
      'https://hub.test/services/platform/'
    ],
    ['of this server without a Hub', {}, 'http://lab.test:8888/services/platform/'],
    ['as set', { setting: 'https://platform.test/x?y#z' }, 'https://platform.test/x/'],
    ['as set, by path', { setting: '/other' }, 'http://lab.test:8888/other/']
  ])('%s', (_, fields, url) => {
    expect(platformUrl({ ...place, ...fields })).toBe(url);
  });

  test('is http or https', () => {
    expect(() => platformUrl({ ...place, setting: 'javascript:alert(1)' })).toThrow(
      'The setting platformUrl must be an http or https address, not javascript:alert(1)'
    );
  });
});
