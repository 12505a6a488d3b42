import type { Algorithm, Dataset, Explanation, PolicyCheck, Problem, Run } from '@jupyterflow/schema';
import { compile } from 'jupyterflow-ts/core';
import type { Plan, PlanJob } from 'jupyterflow-ts';
import { algorithmOf, usesOf } from '../runs/uses.js';
import { Rig, codeOf, good } from '../testing/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
}, 60_000);
afterAll(() => rig.close());

const start = (source: string) => rig.call('kari', 'POST', 'runs', { source, workspace: '/home/jovyan/work' });
const reads = ({ id }: Dataset, command = 'ls /data'): string =>
  `jobs:\n- command: ${command}\n  volumes: [{id: ${id}, path: /data}]\n`;
const planOf = (text: string): Plan => compile({ text, file: 'workflow.yaml' }).plan as Plan;
const explain = async ({ id }: Dataset, query = ''): Promise<Explanation> =>
  good<Explanation>(await rig.call('kari', 'GET', `datasets/${id}/explain?purpose=teaching${query}`));
const failures = (checks: readonly PolicyCheck[]): string[] =>
  checks.filter(({ passed }) => !passed).map(({ check }) => check);

describe('a dataset to compute on', () => {
  test('runs nothing until its owner allows an algorithm, and is told which was refused', async () => {
    const dataset = await rig.publish('stina', { policy: { mode: 'compute', concurrency: 9 } });
    expect(dataset.policy).toMatchObject({ mode: 'compute', algorithms: [] });
    await rig.lease('kari', dataset.id);
    const refused = await start(reads(dataset));
    expect(codeOf(refused)).toBe('422 POLICY');
    const { detail, check } = refused.json<Problem & { check: string }>();
    const [digest = ''] = /[0-9a-f]{64}/.exec(detail) ?? [];
    expect([check, digest]).toEqual(['algorithms', algorithmOf(planOf(reads(dataset)).jobs)]);
    const policy = { policy: { algorithms: [digest] } };
    good(await rig.call('stina', 'PATCH', `datasets/${dataset.id}`, policy, { 'if-match': '"1"' }));
    expect(good<Run>(await start(reads(dataset)), 201).leases).toHaveLength(1);
    expect(codeOf(await start(reads(dataset, 'cat /data/data.csv')))).toBe('422 POLICY');
  });

  test('runs what a steward of its owner approved, until that is withdrawn', async () => {
    const dataset = await rig.publish('stina', { policy: { mode: 'compute', algorithms: 'reviewed' } });
    await rig.lease('kari', dataset.id);
    const source = reads(dataset, 'wc -l /data/data.csv');
    const digest = algorithmOf(planOf(source).jobs);
    const decide = (who: 'stina' | 'berit', decision: string) =>
      rig.call(who, 'POST', `algorithms/${digest}/${decision}`, { reason: 'read it' });
    good(await decide('berit', 'approve'));
    expect(codeOf(await start(source))).toBe('422 POLICY');
    expect(failures((await explain(dataset, `&algorithm=${digest}`)).run)).toEqual(['algorithms']);
    expect(good<Algorithm>(await decide('stina', 'approve')).approvals.map(one => one.organization)).toEqual([
      'uib',
      'uis'
    ]);
    expect(failures((await explain(dataset, `&algorithm=${digest}`)).run)).toEqual([]);
    good<Run>(await start(source), 201);
    good(await decide('stina', 'withdraw'));
    expect(codeOf(await decide('stina', 'withdraw'))).toBe('404 UNKNOWN_ALGORITHM');
    expect(codeOf(await start(source))).toBe('422 POLICY');
    expect(good<Algorithm>(await rig.call('kari', 'GET', `algorithms/${digest}`))).toMatchObject({
      digest,
      approvals: [{ organization: 'uib', user: 'berit', reason: 'read it' }]
    });
  });

  test('has no open algorithms left when it becomes one', async () => {
    const { id } = await rig.publish('stina');
    const patch = async (policy: object, version: number): Promise<Dataset> =>
      good(await rig.call('stina', 'PATCH', `datasets/${id}`, { policy }, { 'if-match': `"${version}"` }));
    expect((await patch({ mode: 'compute' }, 1)).policy.algorithms).toEqual([]);
    expect((await patch({ algorithms: 'any' }, 2)).policy).toMatchObject({ mode: 'compute', algorithms: 'any' });
    expect((await patch({ mode: 'access' }, 3)).policy.algorithms).toBe('raw');
    expect((await patch({ mode: 'compute', algorithms: 'reviewed' }, 4)).policy.algorithms).toBe('reviewed');
  });

  test('is refused at a site that its policy leaves out', async () => {
    const dataset = await rig.publish('stina', { policy: { sites: ['vault'] } });
    await rig.lease('kari', dataset.id);
    expect((await start(reads(dataset))).json<Problem>()).toMatchObject({ code: 'POLICY', check: 'sites' });
  });
});

describe('what a policy would say', () => {
  test('is told check by check, passed or not, and why', async () => {
    const { id } = await rig.publish('stina', { policy: { purposes: ['research'], maxDuration: 'PT1H' } });
    const answer = good<Explanation>(
      await rig.call('kari', 'GET', `datasets/${id}/explain?purpose=teaching&duration=PT2H`)
    );
    expect([answer.allowed, answer.approval]).toEqual([false, 'auto']);
    expect(answer.request.map(({ check, passed }) => [check, passed])).toEqual([
      ['owner', true],
      ['state', true],
      ['organizations', true],
      ['purposes', false],
      ['maxDuration', false],
      ['holder', true],
      ['concurrency', true]
    ]);
    expect(answer.request[4]?.why).toBe(`Dataset ${id} is lent for at most 1 h, asked were 2 h. Ask for less.`);
    expect(answer.run.map(({ check, passed }) => [check, passed])).toEqual([
      ['owner', true],
      ['algorithms', true],
      ['sites', true],
      ['egress', true]
    ]);
  });

  test('is what a request then meets', async () => {
    const dataset = await rig.publish('stina', { policy: { purposes: ['teaching'] } });
    expect((await explain(dataset)).allowed).toBe(true);
    await rig.lease('kari', dataset.id);
    expect(failures((await explain(dataset)).request)).toEqual(['holder', 'concurrency']);
    const again = await rig.call('kari', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'teaching' });
    expect(codeOf(again)).toBe('409 LEASED');
  });

  test.each(['', 'purpose=', 'purpose=x&duration=soon', 'purpose=x&algorithm=y', 'purpose=x&more=y'])(
    'is not told for ?%s',
    async query => {
      const { id } = await rig.publish('stina');
      expect(codeOf(await rig.call('kari', 'GET', `datasets/${id}/explain?${query}`))).toBe('422 INVALID_BODY');
    }
  );
});

describe('the digest of what jobs execute', () => {
  const digest = (jobs: string): string => algorithmOf(planOf(`jobs:\n${jobs}`).jobs);

  test('is that of their image, program, script and environment', () => {
    const [job] = planOf('jobs:\n- {name: a, command: python3 main.py, image: "python:3.12"}\n').jobs;
    const changes: readonly Partial<PlanJob>[] = [
      {},
      { image: 'python:3.11' },
      { argv: ['python3', 'main.py', '-v'] },
      { script: 'print(1)' },
      { env: [{ name: 'A', value: 'b' }] },
      { envFrom: [{ kind: 'secret', name: 's' }] }
    ];
    const digests = changes.map(change => algorithmOf([{ ...job!, ...change }]));
    expect(new Set(digests).size).toBe(digests.length);
    expect(algorithmOf([{ ...job!, name: 'b', retries: 3, dependsOn: ['c'] }])).toBe(digests[0]);
  });

  test('is the same whatever the jobs are called, however many copies there are, and in whatever order', () => {
    const both = digest('- {name: a, command: ls}\n- {name: b, command: pwd}\n');
    expect(digest('- {name: c, command: pwd}\n- {name: d, command: ls}\n- {name: e, command: ls}\n')).toBe(both);
    expect(digest('- {name: a, command: ls}\n')).not.toBe(both);
  });

  test('covers for each lease just the jobs that mount it', () => {
    const plan = planOf('jobs:\n- {name: a, command: ls}\n- {name: b, command: pwd}\n- {name: c, command: id}\n');
    const jobs = new Map([
      ['l', new Set(['a', 'b'])],
      ['m', new Set(['b'])]
    ]);
    const [a, b] = plan.jobs;
    expect(usesOf(plan, jobs)).toEqual([
      { lease: 'l', algorithm: algorithmOf([a!, b!]) },
      { lease: 'm', algorithm: algorithmOf([b!]) }
    ]);
  });
});
