import type { Dataset, Problem, Run } from '@jupyterflow/schema';
import { codeOf, good, Rig } from '../testing/rig.js';
import { freeName } from './describe.js';

test.each([
  ['one that is free', 'penguins', [], 'penguins'],
  ['one that is taken', 'penguins', ['penguins'], 'penguins-2'],
  ['one that is taken twice', 'penguins', ['penguins', 'penguins-2'], 'penguins-3'],
  ['one as long as a name may be', 'p'.repeat(63), ['p'.repeat(63)], `${'p'.repeat(61)}-2`]
])('a free name from %s', (_, wanted, taken, name) => {
  expect(freeName(wanted, new Set(taken))).toBe(name);
});

describe('names of datasets', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.open();
  }, 60_000);
  afterAll(() => rig.close());

  test('a name that its owner uses already is refused, and free again when that dataset is retired', async () => {
    const first = await rig.publish('stina', { name: 'fjord' });
    const draft = { title: 'Fjord', name: 'fjord', storage: { kind: 'directory', path: 'penguins' } };
    expect(good<Problem>(await rig.call('stina', 'POST', 'datasets', draft), 409)).toMatchObject({
      code: 'NAME_TAKEN',
      detail: 'uis has published a dataset named fjord already. Choose another name, or retire that one.'
    });
    await rig.call('stina', 'DELETE', `datasets/${first.id}`, undefined, { 'if-match': `"${first.version}"` });
    good<Dataset>(await rig.call('stina', 'POST', 'datasets', draft), 201);
  });

  test('datasets without a name get one each, also when they are published at once', async () => {
    const draft = { title: 'Twins', storage: { kind: 'directory', path: 'penguins' } };
    const answers = await Promise.all([1, 2, 3].map(() => rig.call('stina', 'POST', 'datasets', draft)));
    expect(answers.map(answer => good<Dataset>(answer, 201).name).sort()).toEqual(['twins', 'twins-2', 'twins-3']);
  });

  test('two organizations may use the same name, and a run tells them apart by owner/name', async () => {
    const [ours] = [await rig.publish('stina', { name: 'same' }), await rig.publish('berit', { name: 'same' })];
    await rig.lease('siri', ours.id);
    const source = (ref: string): string =>
      `jobs:\n- command: ls /home/jovyan/same\n  volumes:\n  - {dataset: ${ref}, name: same, path: /home/jovyan/same}\n`;
    const run = await rig.run('siri', source('uis/same'));
    expect(run.leases).toHaveLength(1);
    const other = await rig.call('siri', 'POST', 'runs', {
      source: source('uib/same'),
      workspace: '/home/jovyan/work'
    });
    expect(codeOf(other)).toBe('409 LEASE_NOT_ACTIVE');
    const none = await rig.call('siri', 'POST', 'runs', { source: source('uio/same'), workspace: '/home/jovyan/work' });
    expect(codeOf(none)).toBe('404 UNKNOWN_DATASET');
    expect(good<Run>(await rig.call('siri', 'GET', `runs/${run.id}`), 200).id).toBe(run.id);
  });
});
