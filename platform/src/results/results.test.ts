import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Problem, Run, RunPage } from '@jupyterflow/schema';
import { Rig, codeOf, good, type Person } from '../testing/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
}, 60_000);
afterAll(() => rig.close());

/** A run of kari that prints what is in a dataset of uis whose results wait for uis. */
async function heldRun(): Promise<Run> {
  const dataset = await rig.publish('stina', { policy: { resultRelease: 'owner' } });
  await writeFile(join(rig.state, 'data', 'uis', 'penguins', 'data.csv'), 'Adelie\n');
  await rig.lease('kari', dataset.id);
  return ended(await rig.run('kari', reads(dataset)));
}

const reads = ({ id }: Dataset): string =>
  `jobs:\n- command: cat /data/data.csv\n  volumes: [{id: ${id}, path: /data}]\n`;

async function ended(run: Run): Promise<Run> {
  for (;;) {
    const now = good<Run>(await rig.call('kari', 'GET', `runs/${run.id}`));
    if (now.finishedAt !== undefined) return now;
    await new Promise(setImmediate);
  }
}

const log = (who: Person, run: Run) => rig.call(who, 'GET', `runs/${run.id}/jobs/job-1/log`);
const decide = (who: Person, run: Run, decision: string, reason?: string) =>
  rig.call(who, 'POST', `runs/${run.id}/results/${decision}`, reason === undefined ? undefined : { reason });
const waiting = async (who: Person): Promise<string[]> =>
  good<RunPage>(await rig.call(who, 'GET', 'results')).items.map(({ id }) => id);

describe('results that wait for the owner of the data', () => {
  test('are not handed out to who ran, until a steward of the owner has seen and released them', async () => {
    const run = await heldRun();
    expect(run).toMatchObject({ state: 'Succeeded', results: [{ owner: 'uis', state: 'held' }] });
    const refused = await log('kari', run);
    expect(codeOf(refused)).toBe('403 POLICY');
    expect(refused.json<Problem>()).toMatchObject({
      detail: `The results of ${run.id} wait for uis: a steward there releases them. Ask them when the run has ended.`,
      check: 'resultRelease'
    });
    expect(await waiting('stina')).toContain(run.id);
    expect((await log('stina', run)).body).toBe('Adelie\n');
    expect(good<Run>(await decide('stina', run, 'release', 'counts only'))).toMatchObject({
      results: [{ owner: 'uis', state: 'released', user: 'stina', reason: 'counts only' }]
    });
    expect((await log('kari', run)).body).toBe('Adelie\n');
    expect(await waiting('stina')).not.toContain(run.id);
  });

  test('are refused with a reason, and may be released later', async () => {
    const run = await heldRun();
    good(await decide('stina', run, 'refuse', 'it names birds'));
    const refused = await log('kari', run);
    expect([codeOf(refused), refused.json<Problem>().detail]).toEqual([
      '403 POLICY',
      `The results of ${run.id} were refused by uis: it names birds. Ask them what to change.`
    ]);
    expect(codeOf(await decide('stina', run, 'refuse'))).toBe('409 WRONG_STATE');
    good(await decide('stina', run, 'release'));
    expect((await log('kari', run)).statusCode).toBe(200);
  });

  test('are seen by no steward while another owner has a say too', async () => {
    const [ours, theirs] = [
      await rig.publish('stina', { policy: { resultRelease: 'owner' } }),
      await rig.publish('berit', { policy: { resultRelease: 'owner' } })
    ];
    await rig.lease('kari', ours.id);
    await rig.lease('kari', theirs.id);
    const run = await ended(
      await rig.run(
        'kari',
        `jobs:\n- command: ls /a /b\n  volumes: [{id: ${ours.id}, path: /a}, {id: ${theirs.id}, path: /b}]\n`
      )
    );
    for (const who of ['stina', 'berit'] as const) expect(codeOf(await log(who, run))).toBe('403 POLICY');
    good(await decide('stina', run, 'release'));
    expect(codeOf(await log('kari', run))).toBe('403 POLICY');
    good(await decide('berit', run, 'release'));
    expect((await log('kari', run)).statusCode).toBe(200);
  });

  test('are nobody else their business', async () => {
    const run = await heldRun();
    expect(codeOf(await decide('kari', run, 'release'))).toBe('403 NOT_ALLOWED');
    expect(codeOf(await decide('berit', run, 'release'))).toBe('404 UNKNOWN_RUN');
    expect(codeOf(await log('ola', run))).toBe('404 UNKNOWN_RUN');
    expect(await waiting('berit')).not.toContain(run.id);
    expect(codeOf(await rig.call('kari', 'GET', 'results'))).toBe('403 NOT_ALLOWED');
  });
});
