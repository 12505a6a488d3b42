import { callerOf } from './auth/identity.js';
import { permissions, roleAllows, rule, type Operation, type Relation, type Resource } from './auth/permissions.js';
import { Rig, good, organizations, people, type Person } from './testing/rig.js';

/** Things as each test finds them: one dataset of uis that only uis and uib may see, a lease and two runs of kari; the results of one wait for uis. */
let rig: Rig;
type Thing = Exclude<Resource, 'service' | 'me' | 'organization' | 'ledger'>;
let things: Readonly<Record<Thing, { readonly id: string }>>;
beforeAll(async () => {
  rig = await Rig.open();
  const dataset = await rig.publish('stina', { policy: { organizations: ['uib'], concurrency: 1000 } });
  const lease = await rig.lease('kari', dataset.id);
  const run = await rig.run('kari', 'jobs:\n- echo hello\n');
  const held = await rig.publish('stina', { policy: { resultRelease: 'owner' } });
  await rig.lease('kari', held.id);
  const result = await rig.run('kari', `jobs:\n- command: sleep 600\n  volumes: [{id: ${held.id}, path: /data}]\n`);
  things = { dataset, lease, run, result, algorithm: { id: 'ab'.repeat(32) } };
}, 60_000);
afterAll(() => rig.close());

/** How each person stands to the things; what a person is to the Hub is in the rig. */
const relations: Readonly<Record<Person, Readonly<Partial<Record<string, readonly Relation[]>>>>> = {
  stina: { dataset: ['visible', 'owner'], lease: ['owner'], run: [], result: ['owner'] },
  ola: { dataset: ['visible'], lease: [], run: [] },
  berit: { dataset: ['visible'], lease: [], run: [] },
  kari: { dataset: ['visible'], lease: ['holder'], run: ['self'], result: ['self'] },
  siri: { dataset: [], lease: [], run: [] },
  nobody: {},
  both: {},
  robot: {},
  outside: {}
};
const strangers: readonly Person[] = ['robot', 'outside'];
/** Operations on all things of a kind: what they show is filtered, not refused. */
const lists: readonly Operation[] = ['dataset:list', 'lease:list', 'run:list', 'result:list'];

function expected(operation: Operation, who: Person | null): 'allowed' | '401' | '403' | '404' {
  const { role, resource, relations: enough } = rule(operation);
  if (role === 'anyone') return 'allowed';
  if (who === null) return '401';
  if (strangers.includes(who) || !roleAllows(operation, callerOf(people[who], organizations))) return '403';
  if (enough.includes('any') || lists.includes(operation)) return 'allowed';
  const mine = relations[who][resource] ?? [];
  if (enough.some(one => mine.includes(one))) return 'allowed';
  return mine.length === 0 ? '404' : '403';
}

/** What was done, by a request that changes nothing even where it is allowed: it lacks a precondition or a body. */
async function attempt(operation: Operation, who: Person | null): Promise<string> {
  const { method, path, resource } = rule(operation);
  const id = resource in things ? things[resource as Thing].id : '';
  const query = operation === 'dataset:explain' ? '?purpose=teaching' : '';
  const url = `/services/platform/${path.replace(':id', id).replace(':job', 'job-1')}${query}`;
  const body = { PATCH: { title: 'Penguins' }, POST: bodies[operation], GET: undefined, DELETE: undefined }[method];
  const answer = await rig.platform.app.inject({
    method,
    url,
    headers: { ...(who && { authorization: `Bearer token-${who}` }), 'if-match': '"999"' },
    ...(body !== undefined && { payload: body })
  });
  return [401, 403, 404].includes(answer.statusCode) ? String(answer.statusCode) : 'allowed';
}

const bodies: Readonly<Partial<Record<Operation, object>>> = {
  'dataset:publish': { title: 'Penguins', storage: { kind: 'directory', path: '/nowhere' } },
  'lease:request': { purpose: 'teaching', duration: 'P9999D' },
  'lease:renew': { duration: 'P9999D' },
  'run:start': { source: 'jobs: []', workspace: '/home/jovyan/work' },
  'run:retry': {}
};
/** Operations that would change the things for those that come after. */
const last: readonly Operation[] = [
  'run:stop',
  'lease:deny',
  'lease:approve',
  'lease:revoke',
  'lease:release',
  'run:remove'
];
const operations = Object.keys(permissions) as Operation[];
const everyone: readonly (Person | null)[] = [null, ...(Object.keys(people) as Person[])];

describe('the permission table', () => {
  const order = [...operations.filter(one => !last.includes(one)), ...last];
  const cases = order.flatMap(operation => {
    // Who may do it comes last: after that the thing may be gone.
    const refused = everyone.filter(who => expected(operation, who) !== 'allowed');
    const allowed = everyone.filter(who => expected(operation, who) === 'allowed');
    return [...refused, ...allowed].map(
      who => [operation, who ?? 'without a token', expected(operation, who), who] as const
    );
  });

  test.each(cases)('%s by %s: %s', async (operation, _, answer, who) => {
    expect(await attempt(operation, who)).toBe(answer);
  });

  test('says in /me what the roles of a caller allow', async () => {
    const allowed = async (who: Person): Promise<string[]> =>
      good<{ allowed: string[] }>(await rig.call(who, 'GET', 'me')).allowed;
    expect(await allowed('nobody')).toEqual(['me:read']);
    expect(await allowed('both')).toEqual(['me:read']);
    const steward = await allowed('stina');
    expect(steward).toEqual(operations.filter(one => rule(one).resource !== 'service'));
    expect(
      steward.filter(one => !one.match(/publish|update|retire|revoke|approve|deny|withdraw|result:|entries/))
    ).toEqual(await allowed('ola'));
  });

  test('who is in no organization, or in two, hears which groups are known', async () => {
    for (const who of ['nobody', 'both'] as const) {
      const answer = await rig.call(who, 'GET', 'datasets');
      expect(answer.json<{ detail: string }>().detail).toBe(
        'Your groups at JupyterHub must name exactly one organization. Known groups: uis, uib, uio. Ask an administrator of the Hub.'
      );
    }
  });

  test('a route without a line in it does not start', async () => {
    const { default: Fastify } = await import('fastify');
    const { guard } = await import('./auth/guard.js');
    const app = Fastify();
    guard(app, { prefix: '/', service: 'platform', organizations, identify: () => Promise.resolve(undefined) });
    expect(() => app.get('/api/v1/secrets', () => 'none')).toThrow(
      'the route GET /api/v1/secrets has no line in the permission table'
    );
    expect(() => app.get('/api/v1/other', { config: { operation: 'me:read' } }, () => 'none')).toThrow('has no line');
    await app.close();
  });
});
