import type { Run } from '@jupyterflow/schema';
import { Rig, codeOf, good } from '../testing/rig.js';
import { MOST_FOLLOWED, MOST_RUNS } from './service.js';
import { line } from './supervisor.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open({ slots: 1 });
}, 60_000);
afterAll(() => rig.close());

const source = 'jobs:\n- sleep 600\n';
const start = (who: 'kari' | 'ola') => rig.call(who, 'POST', 'runs', { source, workspace: '/home/jovyan/work' });

test('nobody has more runs at once than the limit, also when all are asked for at once', async () => {
  const answers = await Promise.all(Array.from({ length: MOST_RUNS + 2 }, () => start('kari')));
  const taken = answers.filter(answer => answer.statusCode === 201);
  expect(taken).toHaveLength(MOST_RUNS);
  expect(answers.filter(answer => answer.statusCode !== 201).map(codeOf)).toEqual([
    '429 RATE_LIMITED',
    '429 RATE_LIMITED'
  ]);
  expect((await start('ola')).statusCode).toBe(201);
  good(await rig.call('kari', 'POST', `runs/${taken[0]!.json<Run>().id}/stop`));
  expect((await start('kari')).statusCode).toBe(201);
}, 60_000);

test('nobody follows more logs at once than the limit, and one that ends makes room', async () => {
  const { id } = good<Run>(await start('ola'), 201);
  const log = `runs/${id}/jobs/job-1/log?follow=true`;
  const followed = Promise.all(Array.from({ length: MOST_FOLLOWED }, () => rig.call('ola', 'GET', log)));
  const refused = await rig.call('ola', 'GET', log);
  expect(codeOf(refused)).toBe('429 RATE_LIMITED');
  expect((await rig.call('ola', 'GET', `runs/${id}/jobs/job-1/log`)).statusCode).toBe(200);
  good(await rig.call('ola', 'POST', `runs/${id}/stop`));
  expect(new Set((await followed).map(answer => answer.statusCode))).toEqual(new Set([200]));
  expect((await rig.call('ola', 'GET', log)).statusCode).toBe(200);
}, 60_000);

test('a reason that is cut for the ledger is well-formed text of one line', () => {
  const cut = line(`\n${'x'.repeat(898)}😀`);
  expect(cut).toBe(` ${'x'.repeat(898)} `);
});
