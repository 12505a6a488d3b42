import { FakeKubernetes } from '../../../testing/kubernetes/server.js';
import type { KubernetesObject } from '../objects.js';
import { argoPath, HttpKubernetesClient } from './client.js';
import { watchObject } from './watch.js';

const PATH = argoPath('science', 'workflows');
let cluster: FakeKubernetes;
let client: HttpKubernetesClient;

beforeEach(async () => {
  cluster = await FakeKubernetes.start();
  client = new HttpKubernetesClient(cluster.url, 'science', () => Promise.resolve({}));
  cluster.store.create(PATH, { metadata: { name: 'wf' }, n: 0 });
});
afterEach(() => cluster.close());

type Counted = KubernetesObject & { readonly n?: number };

const set = (n: number): void => {
  const object = cluster.store.get(PATH, 'wf');
  cluster.store.replace(PATH, { ...object, n });
};

/** What a watcher sees while `after` acts on it: the number of each version, 'gone' for a deletion. */
async function watch(after: (shown: readonly unknown[]) => void, until = 3): Promise<readonly unknown[]> {
  const abort = new AbortController();
  const shown: unknown[] = [];
  for await (const object of watchObject<Counted>(client, PATH, 'wf', abort.signal, 1)) {
    shown.push(object === undefined ? 'gone' : object.n);
    if (shown.length === until) abort.abort();
    else after(shown);
  }
  return shown;
}

test('shows an object, each change of it and no other, and its end', async () => {
  cluster.store.create(PATH, { metadata: { name: 'other' } });
  const act = (shown: readonly unknown[]): void => {
    cluster.store.replace(PATH, { ...cluster.store.get(PATH, 'other') });
    if (shown.length < 3) set(shown.length);
    else cluster.store.delete(PATH, 'wf');
  };
  expect(await watch(act, 99)).toEqual([0, 1, 2, 'gone']);
});

test('goes on after the server broke the watch, with what changed meanwhile', async () => {
  const act = (shown: readonly unknown[]): void => {
    set(shown.length * 10 - 1);
    set(shown.length * 10);
    cluster.breakWatches();
  };
  const shown = await watch(act, 3);
  expect(shown.at(-1)).toBeGreaterThanOrEqual(10);
  expect(shown).toEqual([...shown].sort((a, b) => Number(a) - Number(b)));
});

test('looks anew when its version is too old', async () => {
  cluster.intercept = ({ query }) => {
    if (query.get('watch') !== 'true' || cluster.store.oldest > 0) return undefined;
    cluster.store.oldest = Number(cluster.store.version) + 1;
    set(1);
    return undefined;
  };
  expect(await watch(() => set(2), 2)).toEqual([0, 1]);
});

test('looks now and then where it may not watch', async () => {
  cluster.denied.add('watch workflows');
  expect(await watch(() => set(1), 2)).toEqual([0, 1]);
  expect(cluster.seen.filter(({ query }) => query.get('watch') === 'true')).toHaveLength(1);
});

test('waits for a server that is away for a while', async () => {
  let failures = 2;
  cluster.intercept = ({ query }) => (query.get('watch') === 'true' && failures-- > 0 ? 'hang up' : undefined);
  expect(await watch(() => set(1), 2)).toEqual([0, 1]);
});

test('ends when the object is not there, and when it may not be seen', async () => {
  cluster.store.delete(PATH, 'wf');
  expect(await watch(() => undefined)).toEqual(['gone']);
  cluster.denied.add('get workflows');
  await expect(watch(() => undefined)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a busy server is asked again when it says so, and a lost connection once more', async () => {
  const answers = [[429, { details: { retryAfterSeconds: 0 } }] as const, 'hang up' as const];
  cluster.intercept = () => answers.shift();
  expect(await client.json({ path: `${PATH}/wf` })).toMatchObject({ n: 0 });
  expect(cluster.seen).toHaveLength(3);
});

test('a write whose connection was lost is not sent twice', async () => {
  cluster.intercept = () => 'hang up';
  await expect(client.json({ method: 'POST', path: PATH, body: {} })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(cluster.seen).toHaveLength(1);
});
