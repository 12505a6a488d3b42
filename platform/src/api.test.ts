import type { Dataset, DatasetPage, Lease, Me, Problem } from '@jupyterflow/schema';
import { Rig, codeOf, good } from './testing/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
}, 60_000);
afterAll(() => rig.close());

test('who a caller is follows from their Hub groups', async () => {
  const me = good<Me>(await rig.call('stina', 'GET', 'me'));
  expect(me).toMatchObject({ user: 'stina', organization: { id: 'uis' }, roles: ['researcher', 'steward'] });
  expect(me.allowed).toContain('dataset:publish');
});

test('a published dataset is in the catalogue without its storage details', async () => {
  const dataset = await rig.publish('stina', { title: 'Penguins of Palmer' });
  expect(JSON.stringify(dataset)).not.toContain('"storage"');
  const page = good<DatasetPage>(await rig.call('kari', 'GET', 'datasets?q=palmer'));
  expect(page.items.map(one => one.id)).toEqual([dataset.id]);
});

test('a lease makes the dataset yours and taken for others', async () => {
  const dataset = await rig.publish('stina');
  const lease = await rig.lease('kari', dataset.id);
  expect(lease).toMatchObject({
    state: 'active',
    holder: { user: 'kari', organization: 'uib' },
    fencing: 1,
    renewalsLeft: 3
  });
  expect(good<Dataset>(await rig.call('kari', 'GET', `datasets/${dataset.id}`))).toMatchObject({
    availability: 'yours',
    lease: { id: lease.id }
  });
  expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${dataset.id}`))).toMatchObject({
    availability: 'taken',
    takenBy: 'uib'
  });
  const refused = await rig.call('siri', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'teaching' });
  expect(codeOf(refused)).toBe('409 LEASED');
  expect(refused.json<Problem>()).toMatchObject({ holder: 'uib', until: lease.expiresAt });
  expect(good<Lease>(await rig.call('kari', 'POST', `leases/${lease.id}/release`)).state).toBe('released');
  expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${dataset.id}`)).availability).toBe('open');
});
