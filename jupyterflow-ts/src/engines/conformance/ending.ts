import assert from 'node:assert/strict';
import { finished, jobOf, logOf, outcome, phases, planOf, waitFor, type ConformanceCase } from './case.js';

/** How runs are ended, and what runs last. */
export const ending: readonly ConformanceCase[] = [
  {
    name: 'a run that takes longer than its deadline is ended and Failed',
    async run(context) {
      const jobs = [
        { name: 'a', sh: waitFor('never'), retries: 3 },
        { name: 'b', sh: 'true', dependsOn: ['a'] }
      ];
      const run = await outcome(context, planOf(jobs, { deadline: 1 }));
      assert.deepEqual([run.state, run.reason], ['Failed', 'the deadline of the run, 1 s, has passed']);
      assert.equal(phases(run), 'a Failed, b Omitted');
    }
  },
  {
    name: 'each job is asked for before it begins, and a refusal ends the run as Error with its reason',
    async run({ engine, submit, read }) {
      const asked: string[] = [];
      const admit = (job: string): string | undefined => {
        asked.push(job);
        return job === 'b' ? 'the lease has ended' : undefined;
      };
      const jobs = [
        { name: 'a', sh: 'true' },
        { name: 'b', sh: 'echo ran > b.txt', dependsOn: ['a'] }
      ];
      const run = await finished(engine, (await submit(planOf(jobs), { admit })).id);
      assert.deepEqual([run.state, run.reason], ['Error', 'the lease has ended']);
      assert.equal(phases(run), 'a Succeeded, b Omitted');
      assert.deepEqual(asked, ['a', 'b']);
      assert.equal(await read('b.txt'), undefined);
    }
  },
  {
    name: 'stop ends what runs, Omits what has not begun, and keeps its reason',
    async run({ engine, submit, read }) {
      const { id } = await submit(
        planOf([
          { name: 'a', sh: `echo begun; ${waitFor('never')}; touch late` },
          { name: 'b', sh: 'true', dependsOn: ['a'] }
        ])
      );
      for await (const text of engine.logs(id, 'a', { follow: true })) {
        assert.equal(text, 'begun\n');
        await engine.stop(id, 'stopped by ann');
      }
      const run = await engine.get(id);
      assert.ok(run);
      assert.deepEqual([run.state, run.reason], ['Error', 'stopped by ann']);
      assert.equal(phases(run), 'a Error, b Omitted');
      assert.equal(run.jobs[0]?.reason, 'stopped by ann');
      assert.equal(await read('late'), undefined);
    }
  },
  {
    name: 'stop leaves a finished run as it is',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'true' }]));
      await context.engine.stop(run.id, 'too late');
      assert.deepEqual(await context.engine.get(run.id), run);
    }
  },
  {
    name: 'onExit runs last in every case, knows how the run ended, and does not mend it',
    async run(context) {
      const onExit = jobOf({ name: 'bye', argv: ['echo', [{ kind: 'run-status' }]] });
      for (const [sh, state, log] of [
        ['true', 'Succeeded', 'Succeeded\n'],
        ['exit 1', 'Failed', 'Failed\n']
      ] as const) {
        const run = await outcome(
          context,
          planOf(
            [
              { name: 'a', sh },
              { name: 'b', dependsOn: ['a'] }
            ],
            { onExit }
          )
        );
        assert.deepEqual([run.state, run.jobs.at(-1)?.name, run.jobs.at(-1)?.phase], [state, 'bye', 'Succeeded']);
        assert.equal(await logOf(context.engine, run.id, 'bye'), log);
      }
    }
  },
  {
    name: 'onExit can fail the run',
    async run(context) {
      const onExit = jobOf({ name: 'bye', sh: 'exit 2', retries: 1 });
      const run = await outcome(context, planOf([{ name: 'a' }], { onExit }));
      assert.deepEqual([run.state, run.reason], ['Failed', 'job bye: exited with code 2']);
      assert.equal(phases(run), 'a Succeeded, bye Failed');
      assert.equal(run.jobs[1]?.attempts, 2);
    }
  },
  {
    name: 'onExit runs also after a stop and after the deadline, and to it the run Failed',
    async run({ engine, submit }) {
      const onExit = jobOf({ name: 'bye', argv: ['echo', [{ kind: 'run-status' }]] });
      const { id } = await submit(planOf([{ name: 'a', sh: `echo begun; ${waitFor('never')}` }], { onExit }));
      for await (const text of engine.logs(id, 'a', { follow: true })) {
        assert.equal(text, 'begun\n');
        await engine.stop(id, 'enough');
      }
      const stopped = await finished(engine, id);
      assert.deepEqual([stopped.state, stopped.reason, phases(stopped)], ['Error', 'enough', 'a Error, bye Succeeded']);
      assert.equal(await logOf(engine, id, 'bye'), 'Failed\n');
      const late = await submit(planOf([{ name: 'a', sh: waitFor('never') }], { onExit, deadline: 1 }));
      assert.equal(phases(await finished(engine, late.id)), 'a Failed, bye Succeeded');
      assert.equal(await logOf(engine, late.id, 'bye'), 'Failed\n');
    }
  },
  {
    name: 'a second stop ends onExit too',
    async run({ engine, submit }) {
      const onExit = jobOf({ name: 'bye', sh: `echo begun; ${waitFor('never')}` });
      const { id } = await submit(planOf([{ name: 'a' }], { onExit }));
      for await (const text of engine.logs(id, 'bye', { follow: true })) {
        assert.equal(text, 'begun\n');
        await engine.stop(id, 'enough');
      }
      const run = await finished(engine, id);
      assert.deepEqual([run.state, run.reason, phases(run)], ['Error', 'enough', 'a Succeeded, bye Error']);
    }
  },
  {
    name: 'onExit has a condition as other jobs do',
    async run(context) {
      const onExit = jobOf({ name: 'bye', when: { kind: '==', left: { kind: 'run-status' }, right: 'Failed' } });
      const run = await outcome(context, planOf([{ name: 'a' }], { onExit }));
      assert.equal(`${run.state}: ${phases(run)}`, 'Succeeded: a Succeeded, bye Skipped');
    }
  }
];
