import type { ResultHold, RunRecord } from '@jupyterflow/ledger';
import type { EngineRun } from 'jupyterflow-ts';
import { showRun } from './show.js';

const record: RunRecord = {
  id: 'run_00000001',
  organization: 'uib',
  user: 'kari',
  leases: [],
  plan: 'ab'.repeat(32),
  images: [],
  facts: { jobs: [] },
  state: 'Succeeded',
  startedAt: 0
};
const live = {
  state: 'Succeeded',
  jobs: [{ name: 'count', phase: 'Succeeded', attempts: 1, dependsOn: [], outputs: { birds: '168' } }]
} as unknown as EngineRun;
const by = (owner: string, state: ResultHold['state']): ResultHold => ({ owner, datasets: [], state });

test.each([
  ['when nobody holds them', undefined, true],
  ['when every owner released them', [by('uis', 'released'), by('uio', 'released')], true],
  ['while an owner holds them', [by('uis', 'released'), by('uio', 'held')], false],
  ['when an owner refused them', [by('uis', 'refused'), by('uio', 'released')], false]
])('outputs %s', (_, results, shown) => {
  const run = showRun({ ...record, ...(results && { results }) }, live);
  expect(run.jobs[0]?.outputs).toEqual(shown ? { birds: '168' } : undefined);
  expect(run.results?.map(({ state }) => state)).toEqual(results?.map(({ state }) => state));
});
