import { HOUR, World } from '../testing/world.js';
import type { StateKey } from './reads.js';
import { explainLater, type ExplainedWish } from './explain.js';

const algorithm = '01'.repeat(32);

/** What each check would come to for kari of uio, who asks for `d`: `ok` or its code. */
async function explained(world: World, wish: Partial<ExplainedWish> = {}): Promise<object> {
  const view = { get: (key: StateKey) => Promise.resolve(world.state.get(key)) };
  const asked = { organization: 'uio', user: 'kari', dataset: 'd', purpose: 'research', duration: HOUR, ...wish };
  const answer = await explainLater(asked, view, world.now);
  if ('ok' in answer) {
    return answer;
  }
  const told = [...answer.request, ...answer.run].map(({ check, refusal }) => [check, refusal?.code ?? 'ok'] as const);
  return Object.fromEntries(told);
}

const fine = {
  owner: 'ok',
  state: 'ok',
  organizations: 'ok',
  purposes: 'ok',
  maxDuration: 'ok',
  holder: 'ok',
  concurrency: 'ok',
  algorithms: 'ok',
  sites: 'ok',
  egress: 'ok'
};

test('every check that passes is told', async () => {
  expect(await explained(new World().dataset('d'))).toEqual(fine);
});

test('every check that fails is told, not just the first', async () => {
  const policy = { organizations: ['ntnu'], purposes: ['teaching'], algorithms: [], sites: ['vault'] };
  const world = new World().dataset('d', policy);
  expect(await explained(world, { duration: 9 * HOUR, site: 'local', algorithm, egress: ['example.org'] })).toEqual({
    ...fine,
    organizations: 'POLICY',
    purposes: 'POLICY',
    maxDuration: 'POLICY',
    algorithms: 'POLICY',
    sites: 'POLICY',
    egress: 'POLICY'
  });
});

test('an algorithm that the owner approved may run', async () => {
  const world = new World().dataset('d', { mode: 'compute', algorithms: 'reviewed' });
  expect(await explained(world, { algorithm })).toEqual({ ...fine, algorithms: 'POLICY' });
  world.must('ola@uis', { type: 'algorithm.approve', algorithm });
  expect(await explained(world, { algorithm })).toEqual(fine);
  expect(await explained(world)).toEqual({ ...fine, algorithms: 'POLICY' });
});

test('what is taken is told, unless the owner decides when there is room', async () => {
  const world = new World().dataset('d').lease('l', 'd', 'eva@ntnu');
  expect(await explained(world)).toEqual({ ...fine, concurrency: 'LEASED' });
  const waits = new World().dataset('d', { approval: 'owner' }).lease('l', 'd', 'eva@ntnu');
  waits.must('ola@uis', { type: 'lease.approve', lease: 'l' });
  expect(await explained(waits)).toEqual(fine);
});

test('the lease that somebody has already is told', async () => {
  const world = new World().dataset('d', { concurrency: 2 }).lease('l', 'd');
  expect(await explained(world)).toEqual({ ...fine, holder: 'LEASED' });
  expect(await explained(world.later(HOUR))).toEqual(fine);
});

test('a dataset that is not there is told', async () => {
  expect(await explained(new World(), { dataset: 'x' })).toMatchObject({ code: 'UNKNOWN_DATASET' });
});

test('what explains decides: a request is refused by the first check that fails', async () => {
  const world = new World().dataset('d', { purposes: ['teaching'] });
  const view = { get: (key: StateKey) => Promise.resolve(world.state.get(key)) };
  const wish = { organization: 'uio', user: 'kari', purpose: 'research', duration: HOUR };
  const answer = await explainLater({ ...wish, dataset: 'd' }, view, world.now);
  const { purpose, duration } = wish;
  const decision = world.give('kari@uio', { type: 'lease.request', lease: 'l', dataset: 'd', purpose, duration });
  expect('ok' in answer ? answer : answer.request.find(({ refusal }) => refusal)?.refusal).toEqual(decision);
});
