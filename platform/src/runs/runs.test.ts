import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Lease, Problem, Run, RunPage } from '@jupyterflow/schema';
import { Fences } from '../storage/fences.js';
import { Rig, codeOf, good, type Person } from '../testing/rig.js';

let rig: Rig;
let penguins: Dataset;
beforeAll(async () => {
  rig = await Rig.open();
  penguins = await rig.publish('stina', { policy: { concurrency: 100 } });
  await writeFile(join(rig.state, 'data', 'uis', 'penguins', 'data.csv'), 'Adelie\n');
}, 60_000);
afterAll(() => rig.close());

const volume = (ref: string, key = 'dataset'): string =>
  `  volumes:\n  - {${key}: ${ref}, path: /home/jovyan/penguins}\n`;
const CAT = '- command: cat /home/jovyan/penguins/data.csv\n';
const WAIT = '- command: sh -c "echo begun; exec sleep 600"\n';

/** The run once it has ended. */
async function ended(who: Person, run: Run): Promise<Run> {
  await rig.call(who, 'GET', `runs/${run.id}/jobs/${run.jobs.at(-1)?.name ?? ''}/log?follow=true`);
  for (;;) {
    const now = good<Run>(await rig.call(who, 'GET', `runs/${run.id}`));
    if (now.finishedAt !== undefined) return now;
    await new Promise(setImmediate);
  }
}

/** Resolves when the first job has written something. */
async function begun(who: Person, run: Run): Promise<void> {
  for (;;) {
    const log = await rig.call(who, 'GET', `runs/${run.id}/jobs/job-1/log`);
    if (log.body.includes('begun')) return;
    await new Promise(setImmediate);
  }
}

/** Everything that a refused request could have changed. */
async function whole(): Promise<unknown> {
  return {
    runs: (await rig.call('kari', 'GET', 'runs')).json<RunPage>().items.length,
    leases: (await rig.call('kari', 'GET', 'leases')).body
  };
}

describe('a run under a lease', () => {
  test('sees the data, keeps its log, and names its lease', async () => {
    const lease = await rig.lease('kari', penguins.id);
    const run = await rig.run('kari', `name: count\njobs:\n${CAT}${volume(penguins.id)}`);
    expect(run).toMatchObject({
      workflow: 'count',
      user: 'kari',
      organization: 'uib',
      engine: 'local',
      leases: [lease.id]
    });
    expect(run.name).toMatch(/^count-[a-z0-9]{5}$/);
    expect(await ended('kari', run)).toMatchObject({
      state: 'Succeeded',
      jobs: [{ name: 'job-1', phase: 'Succeeded', exitCode: 0 }]
    });
    const log = await rig.call('kari', 'GET', `runs/${run.id}/jobs/job-1/log`);
    expect([log.headers['content-type'], log.body]).toEqual(['text/plain; charset=utf-8', 'Adelie\n']);
    await rig.call('kari', 'POST', `leases/${lease.id}/release`);
  });

  test('may name the lease itself', async () => {
    const lease = await rig.lease('kari', penguins.id);
    const run = await rig.run('kari', `jobs:\n${CAT}${volume(lease.id, 'lease')}`);
    expect((await ended('kari', run)).state).toBe('Succeeded');
    await rig.call('kari', 'POST', `leases/${lease.id}/release`);
  });

  test('is stopped when the owner revokes the lease', async () => {
    const lease = await rig.lease('kari', penguins.id);
    const run = await rig.run('kari', `jobs:\n${WAIT}${volume(penguins.id)}`);
    await begun('kari', run);
    good(await rig.call('stina', 'POST', `leases/${lease.id}/revoke`, { reason: 'withdrawn' }));
    expect(await ended('kari', run)).toMatchObject({
      state: 'Error',
      reason: `lease ${lease.id} of Penguins ended: revoked`
    });
  });

  test('is stopped when the lease expires', async () => {
    const lease = await rig.lease('kari', penguins.id, { duration: 'PT1H' });
    const run = await rig.run('kari', `jobs:\n${WAIT}${volume(penguins.id)}`);
    await begun('kari', run);
    rig.clock.advance(3_600_000);
    expect(await ended('kari', run)).toMatchObject({
      state: 'Error',
      reason: `lease ${lease.id} of Penguins ended: expired`
    });
  });

  test('goes on beyond the first end of a lease that was renewed', async () => {
    const lease = await rig.lease('kari', penguins.id, { duration: 'PT1H' });
    const run = await rig.run('kari', `jobs:\n${WAIT}${volume(penguins.id)}`);
    await begun('kari', run);
    rig.clock.advance(3_000_000);
    good(await rig.call('kari', 'POST', `leases/${lease.id}/renew`));
    rig.clock.advance(3_000_000);
    expect(good<Run>(await rig.call('kari', 'GET', `runs/${run.id}`)).state).toBe('Running');
    rig.clock.advance(600_000);
    expect(await ended('kari', run)).toMatchObject({ reason: `lease ${lease.id} of Penguins ended: expired` });
  });

  test('is stopped by its user, and can then be forgotten', async () => {
    const run = await rig.run('kari', `jobs:\n${WAIT}`);
    expect(codeOf(await rig.call('kari', 'DELETE', `runs/${run.id}`))).toBe('409 WRONG_STATE');
    expect(good<Run>(await rig.call('kari', 'POST', `runs/${run.id}/stop`))).toMatchObject({
      state: 'Error',
      reason: 'stopped by kari'
    });
    expect((await rig.call('kari', 'DELETE', `runs/${run.id}`)).statusCode).toBe(204);
    expect(codeOf(await rig.call('kari', 'GET', `runs/${run.id}`))).toBe('404 UNKNOWN_RUN');
  });

  test('runs just the jobs that are selected', async () => {
    //  a -> b -> c
    const source =
      'jobs:\n- {name: a, command: echo a}\n- {name: b, command: echo b}\n- {name: c, command: echo c}\ndags: a >> b >> c\n';
    const start = (select: object) =>
      rig.call('kari', 'POST', 'runs', { source, workspace: '/home/jovyan/work', select });
    const run = good<Run>(await start({ from: ['b'], skip: ['c'] }), 201);
    expect(run.jobs.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([['b', []]]);
    expect((await ended('kari', run)).state).toBe('Succeeded');
    const unknown = await start({ only: ['d'] });
    expect(codeOf(unknown)).toBe('422 INVALID_BODY');
    expect(unknown.json<Problem>().detail).toContain('there is no job called `d`');
    expect(codeOf(await start({ only: 'a' }))).toBe('422 INVALID_BODY');
    expect(codeOf(await start({ onlyy: ['a'] }))).toBe('422 INVALID_BODY');
  });

  test('can be started anew with its file, its parameters and its selection', async () => {
    const body = {
      source: 'params: {word: hello}\njobs:\n- echo ${{ params.word }}\n- echo never\n',
      workspace: '/home/jovyan/work',
      params: { word: 'bye' },
      select: { only: ['job-1'] }
    };
    const first = good<Run>(await rig.call('kari', 'POST', 'runs', body), 201);
    await ended('kari', first);
    const again = good<Run>(
      await rig.call('kari', 'POST', `runs/${first.id}/resubmit`, {}, { 'idempotency-key': 'a' }),
      201
    );
    const repeated = await rig.call('kari', 'POST', `runs/${first.id}/resubmit`, {}, { 'idempotency-key': 'a' });
    expect([again.id === first.id, good<Run>(repeated, 201).id === again.id]).toEqual([false, true]);
    expect((await ended('kari', again)).jobs.map(({ name, phase }) => [name, phase])).toEqual([['job-1', 'Succeeded']]);
    expect((await rig.call('kari', 'GET', `runs/${again.id}/jobs/job-1/log`)).body).toBe('bye\n');
    expect(codeOf(await rig.call('siri', 'POST', `runs/${first.id}/resubmit`))).toBe('404 UNKNOWN_RUN');
    const kept = join(rig.state, 'requests', `${first.id}.json`);
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect((await rig.call('kari', 'DELETE', `runs/${first.id}`)).statusCode).toBe(204);
    await expect(stat(kept)).rejects.toThrow('ENOENT');
  });

  test('that failed goes on where it failed, once for each request', async () => {
    const source = `jobs:
- {name: first, command: touch first, volumes: []}
- {name: second, cmd_mode: shell, command: 'echo "attempt $JUPYTERFLOW_ATTEMPT"; test -e mended'}
dags: first >> second
`;
    const run = await rig.run('kari', source);
    expect((await ended('kari', run)).state).toBe('Failed');
    await writeFile(join(rig.state, 'homes', 'kari', 'work', 'mended'), '');
    const retry = (body: object = {}, key = 'again'): ReturnType<typeof rig.call> =>
      rig.call('kari', 'POST', `runs/${run.id}/retry`, body, { 'idempotency-key': key });
    const again = good<Run>(await retry());
    expect([again.id, again.name]).toEqual([run.id, run.name]);
    const done = await ended('kari', again);
    expect([done.state, ...done.jobs.map(job => `${job.name} ${job.attempts}`)]).toEqual([
      'Succeeded',
      'first 1',
      'second 2'
    ]);
    expect(good<Run>(await retry()).state).toBe('Succeeded');
    expect(codeOf(await retry({}, 'b'))).toBe('409 WRONG_STATE');
    const whole = await ended('kari', good<Run>(await retry({ from: ['first'] }, 'c')));
    expect(whole.jobs.map(job => `${job.name} ${job.attempts}`)).toEqual(['first 2', 'second 3']);
    expect(codeOf(await rig.call('siri', 'POST', `runs/${run.id}/retry`, {}))).toBe('404 UNKNOWN_RUN');
    await rm(join(rig.state, 'requests', `${run.id}.json`));
    expect(codeOf(await retry({ from: ['first'] }, 'd'))).toBe('409 WRONG_STATE');
  });

  test('whose file was not kept can not be started anew', async () => {
    const run = await rig.run('kari', 'jobs: [echo a]\n');
    await ended('kari', run);
    await rm(join(rig.state, 'requests', `${run.id}.json`));
    expect(codeOf(await rig.call('kari', 'POST', `runs/${run.id}/resubmit`))).toBe('409 WRONG_STATE');
  });

  test('is started once, however often the request is repeated', async () => {
    const body = { source: 'jobs:\n- echo hello\n', workspace: '/home/jovyan/work' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => rig.call('kari', 'POST', 'runs', body, { 'idempotency-key': 'run-1' }))
    );
    const runs = answers.map(answer => good<Run>(answer, 201));
    expect(new Set(runs.map(run => run.id)).size).toBe(1);
    const other = await rig.call('kari', 'POST', 'runs', { ...body, name: 'other' }, { 'idempotency-key': 'run-1' });
    expect(codeOf(other)).toBe('409 IDEMPOTENCY_MISMATCH');
  });
});

describe('after a later grant of its dataset was seen where the data is mounted', () => {
  let dataset: Dataset;
  let lease: Lease;
  let fences: Fences;
  beforeEach(async () => {
    dataset = await rig.publish('stina', { title: 'Terns' });
    lease = await rig.lease('kari', dataset.id);
    fences = new Fences(join(rig.state, 'fences'));
  });

  test('a lease is mounted by no job any more, though this process heard of no end', async () => {
    //  job-1 (waits for the file) -> job-2 (mounts)
    const go = join(rig.state, 'homes', 'kari', 'work', 'go');
    const run = await rig.run(
      'kari',
      `jobs:\n- sh -c "echo begun; until test -e go; do sleep 0.1; done"\n${CAT}${volume(dataset.id)}dags: job-1 >> job-2\n`
    );
    await begun('kari', run);
    expect(fences.last(dataset.id)).toEqual({ fencing: 1, leases: [lease.id] });
    // As another process does at the same place, while this one sleeps.
    await fences.raise(dataset.id, { fencing: 2, leases: ['ls_another'] });
    await writeFile(go, '');
    expect(await ended('kari', run)).toMatchObject({
      state: 'Error',
      reason: `FENCED: lease ${lease.id} is over: it has grant 1 of dataset ${dataset.id}, and grant 2 was seen here`,
      jobs: [{ phase: 'Succeeded' }, { name: 'job-2', attempts: 0 }]
    });
  });

  test('a run under it does not start: says which lease, where, and how to mend it', async () => {
    await fences.raise(dataset.id, { fencing: 2, leases: ['ls_another'] });
    const before = await whole();
    const answer = await rig.call('kari', 'POST', 'runs', {
      source: `jobs:\n${CAT}${volume(lease.id, 'lease')}`,
      workspace: '/home/jovyan/work'
    });
    expect(codeOf(answer)).toBe('409 FENCED');
    expect(answer.json<Problem>()).toMatchObject({
      lease: lease.id,
      dataset: dataset.id,
      detail: `workflow.yaml:4: Lease ${lease.id} is over: it has grant 1 of dataset ${dataset.id}, and grant 2 was seen here. Lease the dataset again in the DataExplorer, then run again.`
    });
    expect(await whole()).toEqual(before);
  });

  test('the next lease is mounted, and those beside it on a shared dataset', async () => {
    const shared = await rig.publish('stina', { title: 'Gulls', policy: { concurrency: 2 } });
    const [older, newer] = [await rig.lease('kari', shared.id), await rig.lease('siri', shared.id)];
    for (const who of ['siri', 'kari'] as const) {
      expect((await ended(who, await rig.run(who, `jobs:\n${CAT}${volume(shared.id)}`))).state).toBe('Succeeded');
    }
    expect(fences.last(shared.id)).toEqual({ fencing: 2, leases: [older.id, newer.id] });
    good(await rig.call('kari', 'POST', `leases/${lease.id}/release`));
    await rig.lease('siri', dataset.id);
    expect((await ended('siri', await rig.run('siri', `jobs:\n${CAT}${volume(dataset.id)}`))).state).toBe('Succeeded');
    expect(fences.problem({ dataset: dataset.id, lease: lease.id, fencing: 1 })).toBeDefined();
  });
});

describe('a run is refused, and nothing has changed', () => {
  const start = (source: string, workspace = '/home/jovyan/work', who: Person = 'kari') =>
    rig.call(who, 'POST', 'runs', { source, workspace });

  test.each([
    [
      'a dataset that does not exist',
      'ds_00000000',
      '404 UNKNOWN_DATASET',
      'workflow.yaml:4: There is no dataset ds_00000000 that you may see.'
    ],
    [
      'a lease that does not exist',
      'ls_00000000',
      '404 UNKNOWN_LEASE',
      'workflow.yaml:4: You have no lease ls_00000000. Name one that you hold, or the dataset.'
    ]
  ])('%s', async (_, ref, code, detail) => {
    const before = await whole();
    const answer = await start(`jobs:\n${CAT}${volume(ref, ref.startsWith('ds') ? 'dataset' : 'lease')}`);
    expect([codeOf(answer), answer.json<Problem>().detail]).toEqual([code, detail]);
    expect(await whole()).toEqual(before);
  });

  test('a dataset without a lease: says which, where, and how to mend it', async () => {
    const before = await whole();
    const answer = await start(`jobs:\n${CAT}${volume(penguins.id)}`);
    expect(codeOf(answer)).toBe('409 LEASE_NOT_ACTIVE');
    expect(answer.json<Problem>()).toMatchObject({
      dataset: penguins.id,
      detail: `workflow.yaml:4: You hold no lease of Penguins (${penguins.id}) now. Lease it in the DataExplorer, then run again.`,
      source: { file: 'workflow.yaml', range: { start: { line: 4, column: 15 } } }
    });
    expect(await whole()).toEqual(before);
  });

  test('a lease of someone else, even for a steward who may see it', async () => {
    const lease = await rig.lease('siri', penguins.id);
    for (const who of ['kari', 'stina'] as const) {
      expect(codeOf(await start(`jobs:\n${CAT}${volume(lease.id, 'lease')}`, undefined, who))).toBe(
        '404 UNKNOWN_LEASE'
      );
    }
    await rig.call('siri', 'POST', `leases/${lease.id}/release`);
  });

  test('an expired lease: says which', async () => {
    const lease = await rig.lease('kari', penguins.id, { duration: 'PT1M' });
    rig.clock.advance(60_000);
    const answer = await start(`jobs:\n${CAT}${volume(lease.id, 'lease')}`);
    expect(codeOf(answer)).toBe('409 LEASE_NOT_ACTIVE');
    expect(answer.json<Problem>()).toMatchObject({ lease: lease.id, dataset: penguins.id });
    expect(codeOf(await start(`jobs:\n${CAT}${volume(penguins.id)}`))).toBe('409 LEASE_NOT_ACTIVE');
  });

  test('a cycle, with all diagnostics', async () => {
    const answer = await start('jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n- 2 >> 1\n');
    expect(codeOf(answer)).toBe('422 INVALID_WORKFLOW');
    expect(answer.json<Problem>().diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', file: 'workflow.yaml' })
    ]);
  });

  test.each([
    '/home/jovyan/../ola/work',
    '/home/jovyan/work/..',
    '/home/jovyan/./work',
    '/home/jovyan//work',
    '/home/jovyan/work/',
    '/home/jovyanx',
    '/etc',
    'work',
    '/home/jovyan/missing',
    '/home/jovyan/file',
    '/home/jovyan/link'
  ])('the workspace %s', async workspace => {
    const home = join(rig.state, 'homes', 'kari');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'file'), '');
    await symlink('../ola/work', join(home, 'link')).catch(() => undefined);
    const before = await whole();
    expect(codeOf(await start('jobs:\n- echo hello\n', workspace))).toBe('422 INVALID_WORKSPACE');
    expect(await whole()).toEqual(before);
  });

  test('the data of its owner is gone: the owner is named, the place is not', async () => {
    await rig.data('uis', 'secret-place');
    const gone = await rig.publish('stina', { title: 'Gone', storage: { kind: 'directory', path: 'secret-place' } });
    await rig.lease('kari', gone.id);
    await rm(join(rig.state, 'data', 'uis', 'secret-place'), { recursive: true });
    const answer = await start(`jobs:\n${CAT}${volume(gone.id)}`);
    expect(codeOf(answer)).toBe('422 INVALID_STORAGE');
    expect(answer.json<Problem>().detail).toBe(
      `workflow.yaml:4: The data of Gone (${gone.id}) is not where it should be. Tell its owner, uis.`
    );
  });
});
