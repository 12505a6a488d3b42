import { request as httpRequest } from 'node:http';
import { LedgerError, openMemoryLedger } from '@jupyterflow/ledger';
import type { AddressInfo } from 'node:net';
import type { DatasetPage, Problem } from '@jupyterflow/schema';
import { HubUnavailable } from '../auth/identity.js';
import { Rig, codeOf, good } from '../testing/rig.js';

let rig: Rig;
let id: string;
beforeAll(async () => {
  rig = await Rig.open();
  id = (await rig.publish('stina')).id;
}, 60_000);
afterAll(() => rig.close());

/** Everything that a refused request could have changed. */
async function whole(): Promise<string> {
  const answers = await Promise.all([
    rig.call('stina', 'GET', 'datasets'),
    rig.call('stina', 'GET', 'leases'),
    rig.call('kari', 'GET', 'leases'),
    rig.call('kari', 'GET', 'runs')
  ]);
  return answers.map(answer => answer.body).join('\n');
}

const storage = { kind: 'directory', path: 'penguins' };

describe('a dataset that is not as it should be is refused, and nothing has changed', () => {
  const cases: [string, unknown, string, string][] = [
    ['no title', { storage }, '422 INVALID_BODY', "body: must have required property 'title'"],
    ['a title of spaces', { title: ' ', storage }, '422 INVALID_BODY', 'body.title: must match pattern "\\S"'],
    ['a title that is a number', { title: 5, storage }, '422 INVALID_BODY', 'body.title: must be string'],
    [
      'an owner',
      { title: 'x', storage, owner: 'uib' },
      '422 INVALID_BODY',
      'body: must NOT have additional properties (owner)'
    ],
    ['NUL in the title', { title: 'a\0b', storage }, '422 INVALID_BODY', 'body.title: has a character that is no text'],
    [
      'half a pair in a tag',
      { title: 'x', tags: ['\ud800'], storage },
      '422 INVALID_BODY',
      'body.tags.0: has a character that is no text'
    ],
    [
      'a folder called ..',
      { title: 'x', storage, structure: [{ name: '..' }] },
      '422 INVALID_BODY',
      'body.structure.0.name: must match pattern "^(?!\\.{1,2}$)[^/\\\\\\u0000-\\u001f]{1,100}$"'
    ],
    [
      'a folder with a slash',
      { title: 'x', storage, structure: [{ name: 'a', folders: [{ name: '../b' }] }] },
      '422 INVALID_BODY',
      'body.structure.0.folders.0.name: must match pattern "^(?!\\.{1,2}$)[^/\\\\\\u0000-\\u001f]{1,100}$"'
    ],
    [
      'a policy without end',
      { title: 'x', storage, policy: { maxDuration: 'PT0S' } },
      '422 INVALID_BODY',
      'body.policy.maxDuration: must be from one second to 9999 days, e.g. PT4H'
    ],
    [
      'storage elsewhere',
      { title: 'x', storage: { ...storage, path: '../uib/chess' } },
      '422 INVALID_STORAGE',
      'storage.path must be relative to the data folder of the organization, without "..".'
    ],
    [
      'storage by an absolute path',
      { title: 'x', storage: { ...storage, path: '/etc' } },
      '422 INVALID_STORAGE',
      'storage.path must be relative to the data folder of the organization, without "..".'
    ],
    [
      'storage that is not there',
      { title: 'x', storage: { ...storage, path: 'missing' } },
      '422 INVALID_STORAGE',
      'storage.path must name a directory that exists below the data folder of the organization. Put the data there first.'
    ]
  ];
  test.each(cases)('%s', async (_, body, code, detail) => {
    const before = await whole();
    const answer = await rig.call('stina', 'POST', 'datasets', body);
    expect([codeOf(answer), answer.json<Problem>().detail]).toEqual([code, detail]);
    expect(await whole()).toBe(before);
  });

  test.each([45, 5000])('folders in folders, %d deep', async depth => {
    const before = await whole();
    const folders = `${'{"name":"a","folders":['.repeat(depth)}{"name":"a"}${']}'.repeat(depth)}`;
    const answer = await rig.platform.app.inject({
      method: 'POST',
      url: '/services/platform/api/v1/datasets',
      headers: { authorization: 'token token-stina', 'content-type': 'application/json' },
      payload: `{"title":"x","storage":{"kind":"directory","path":"penguins"},"structure":[${folders}]}`
    });
    expect(codeOf(answer)).toBe('422 INVALID_BODY');
    expect(await whole()).toBe(before);
  });
});

describe('a request that is none', () => {
  const raw = (payload: string, type = 'application/json') =>
    rig.platform.app.inject({
      method: 'POST',
      url: '/services/platform/api/v1/datasets',
      headers: { authorization: 'token token-stina', 'content-type': type },
      payload
    });

  test.each([
    ['{', 'application/json', '400 INVALID_BODY'],
    ['', 'application/json', '400 INVALID_BODY'],
    ['{"__proto__": {"title": "x"}}', 'application/json', '400 INVALID_BODY'],
    ['title: x', 'application/yaml', '415 INVALID_BODY'],
    ['title', 'text/plain', '415 INVALID_BODY'],
    ['"x"', 'application/json', '422 INVALID_BODY'],
    ['null', 'application/json', '422 INVALID_BODY']
  ])('the body %j of type %s', async (payload, type, code) => expect(codeOf(await raw(payload, type))).toBe(code));

  test.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'cursor=x',
    'sort=owner&cursor=WyJhIiwiYiJd',
    'sort=size',
    'available=maybe',
    'colour=red',
    'q=%00',
    'limit=1&limit=2'
  ])('the query %s', async query =>
    expect(codeOf(await rig.call('kari', 'GET', `datasets?${query}`))).toBe('422 INVALID_BODY')
  );

  test('an unknown place', async () => {
    const answer = await rig.call('kari', 'GET', 'secrets?token=planted');
    expect(codeOf(answer)).toBe('404 NOT_FOUND');
    expect(answer.body).not.toContain('planted');
  });

  test.each(['a b', 'x'.repeat(201), 'ø'])('the Idempotency-Key %j', async key => {
    const answer = await rig.call(
      'kari',
      'POST',
      `datasets/${id}/leases`,
      { purpose: 'x' },
      { 'idempotency-key': key }
    );
    expect(codeOf(answer)).toBe('422 INVALID_BODY');
  });

  test.each(['ds_%', 'ds_00000000', '..%2f..%2fleases', "x' or 1=1 --", 'x'.repeat(100)])(
    'the dataset %j',
    async name => {
      expect(
        codeOf(await rig.call('kari', 'GET', `datasets/${name.includes('%2f') ? name : encodeURIComponent(name)}`))
      ).toBe('404 UNKNOWN_DATASET');
    }
  );
});

describe('over a real connection', () => {
  let port: number;
  beforeAll(async () => {
    await rig.platform.app.listen({ host: '127.0.0.1', port: 0 });
    port = (rig.platform.app.server.address() as AddressInfo).port;
  });

  /** Sends a body of a size; with a length that is said before, or in chunks of unknown number. */
  const send = (bytes: number, chunked: boolean): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: 'token token-stina',
        'content-type': 'application/json',
        ...(chunked ? {} : { 'content-length': bytes })
      };
      const outgoing = httpRequest(
        { port, host: '127.0.0.1', method: 'POST', path: '/services/platform/api/v1/datasets', headers },
        answer => {
          let body = '';
          answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        }
      );
      outgoing.on('error', reject);
      outgoing.end(Buffer.alloc(bytes, ' '));
    });

  test.each([
    ['its length is said', false],
    ['it comes in chunks', true]
  ])('a body of 10 MB is too large when %s, and nothing has changed', async (_, chunked) => {
    const before = await whole();
    const { status, body } = await send(10 * 1024 * 1024, chunked);
    expect([status, (JSON.parse(body) as Problem).code]).toEqual([413, 'TOO_LARGE']);
    expect(await whole()).toBe(before);
  });

  test('the answer has no cache, no guessing of types, and no cookie', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/services/platform/api/v1/me`, {
      headers: { authorization: 'Bearer token-kari' }
    });
    const { headers } = answer;
    expect([headers.get('cache-control'), headers.get('x-content-type-options'), headers.get('set-cookie')]).toEqual([
      'no-store',
      'nosniff',
      null
    ]);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    await answer.body?.cancel();
  });
});

describe('a caller who is not known', () => {
  test.each([
    ['without a token', {}],
    ['with a wrong token', { authorization: 'token wrong' }],
    ['with a cookie', { cookie: 'jupyterhub-session-id=token-stina' }],
    ['with Basic', { authorization: 'Basic dG9rZW4tc3RpbmE6' }],
    ['with a token that is no token', { authorization: 'token token-stina, token-kari' }],
    ['with a token in the query', {}]
  ])('%s', async (how, headers) => {
    const path = how === 'with a token in the query' ? 'me?token=token-stina' : 'me';
    const answer = await rig.call(null, 'GET', path, undefined, headers);
    expect([codeOf(answer), answer.headers['www-authenticate']]).toEqual([
      '401 UNAUTHENTICATED',
      'token realm="JupyterHub"'
    ]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });
});

describe('what the platform relies on', () => {
  test('a Hub that does not answer is said to be so', async () => {
    const away = await Rig.open({ identify: () => Promise.reject(new HubUnavailable('away')) });
    try {
      const answer = await away.call('kari', 'GET', 'me');
      expect([codeOf(answer), answer.headers['retry-after']]).toEqual(['503 HUB_UNAVAILABLE', '2']);
    } finally {
      await away.close();
    }
  }, 60_000);

  test('an error that nobody foresaw shows nothing of the inside', async () => {
    const broken = await Rig.open({ identify: () => Promise.reject(new Error('planted at /secret/place')) });
    try {
      const answer = await broken.call('kari', 'GET', 'me');
      expect(codeOf(answer)).toBe('500 INTERNAL');
      expect(answer.body).not.toContain('planted');
      const { instance } = answer.json<Problem>();
      expect(
        broken.logged.some(line => line.includes(instance!.replace('urn:uuid:', '')) && line.includes('planted'))
      ).toBe(true);
    } finally {
      await broken.close();
    }
  }, 60_000);

  test('a ledger that can not be written: nothing is published, leased or mounted', async () => {
    const ledger = openMemoryLedger();
    const failing = await Rig.open({ ledger });
    try {
      const dataset = await failing.publish('stina');
      ledger.submit = () => Promise.reject(new Error('disk full'));
      const answers = await Promise.all([
        failing.call('stina', 'POST', 'datasets', { title: 'x', storage }),
        failing.call('kari', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'x' }),
        failing.call('kari', 'POST', 'runs', { source: 'jobs:\n- echo hello\n', workspace: '/home/jovyan/work' })
      ]);
      expect(answers.map(codeOf)).toEqual(answers.map(() => '503 LEDGER_UNAVAILABLE'));
      expect(good<DatasetPage>(await failing.call('kari', 'GET', 'datasets')).total).toBe(1);
      expect((await failing.call('kari', 'GET', 'runs')).json()).toEqual({ items: [], nextCursor: null });
    } finally {
      await failing.close();
    }
  }, 60_000);

  test('a ledger that takes no more is told by readyz, until the platform is started again', async () => {
    const ledger = openMemoryLedger();
    const failing = await Rig.open({ ledger });
    try {
      ledger.submit = () => Promise.reject(new LedgerError('READ_ONLY', 'disk full'));
      ledger.state = () => ({ state: 'read-only', reason: 'disk full' });
      expect(codeOf(await failing.call('stina', 'POST', 'datasets', { title: 'x', storage }))).toBe(
        '422 INVALID_STORAGE'
      );
      await failing.data('uis', storage.path);
      expect(codeOf(await failing.call('stina', 'POST', 'datasets', { title: 'x', storage }))).toBe(
        '503 LEDGER_UNAVAILABLE'
      );
      const answer = await failing.platform.app.inject('/services/platform/readyz');
      expect([answer.statusCode, answer.json<unknown>()]).toEqual([503, { status: 'not ready', missing: ['ledger'] }]);
    } finally {
      await failing.close();
    }
  }, 60_000);

  test('requests are counted by person, whatever tokens they send', async () => {
    const busy = await Rig.open({ rateLimit: { max: 2, window: 60_000 } });
    try {
      const ask = (token: string) =>
        busy.platform.app.inject({ url: '/services/platform/api/v1/me', headers: { authorization: `token ${token}` } });
      // The Hub of the rig knows both.
      const answers = [await ask('kari'), await ask('token-kari'), await ask('kari'), await ask('ola')];
      expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 429, 200]);
    } finally {
      await busy.close();
    }
  }, 60_000);

  test('too many requests of one token do not hinder another', async () => {
    const busy = await Rig.open({ rateLimit: { max: 2, window: 60_000 } });
    try {
      const answers = [];
      for (let i = 0; i < 3; i++) answers.push(await busy.call('kari', 'GET', 'me'));
      expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 429]);
      expect(codeOf(answers[2]!)).toBe('429 RATE_LIMITED');
      expect(Number(answers[2]!.headers['retry-after'])).toBeGreaterThan(0);
      expect((await busy.call('ola', 'GET', 'me')).statusCode).toBe(200);
    } finally {
      await busy.close();
    }
  }, 60_000);
});

test('the API describes itself, with every shape by its name', async () => {
  const answer = await rig.platform.app.inject('/services/platform/openapi.json');
  const document = answer.json<{ openapi: string; paths: object; components: { schemas: object } }>();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Dataset', 'Lease', 'Run', 'Problem'])
  );
  expect(Object.keys(document.paths)).toContain('/services/platform/api/v1/datasets/{id}/leases');
});

test.each([
  ['healthz', { status: 'ok' }],
  ['readyz', { status: 'ok', missing: [] }],
  ['version', { name: 'jupyterflow-platform', version: expect.stringMatching(/^\d/) as unknown }]
])('%s needs no token', async (path, body) => {
  expect((await rig.platform.app.inject(`/services/platform/${path}`)).json()).toEqual(body);
});
