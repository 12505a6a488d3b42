import assert from 'node:assert/strict';
import { finished, outcome, phases, planOf, until, waitFor, type ConformanceCase } from './case.js';

/** In which order jobs begin, and what a failure does. */
export const order: readonly ConformanceCase[] = [
  {
    name: 'a job begins after the jobs that it depends on, and the run Succeeded when all did',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'c', sh: 'cat b.txt > c.txt; echo c >> c.txt', dependsOn: ['a', 'b'] },
          { name: 'a', sh: 'echo a > a.txt' },
          { name: 'b', sh: 'cat a.txt > b.txt; echo b >> b.txt', dependsOn: ['a'] }
        ])
      );
      assert.equal(run.state, 'Succeeded');
      assert.equal(phases(run), 'c Succeeded, a Succeeded, b Succeeded');
      assert.equal(await context.read('c.txt'), 'a\nb\nc\n');
      assert.deepEqual(run.jobs[0]?.dependsOn, ['a', 'b']);
    }
  },
  {
    name: 'jobs without an edge between them run at the same time',
    async run(context) {
      const meet = (mine: string, other: string): string => `touch ${mine}; ${waitFor(other)}`;
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: meet('a', 'b') },
          { name: 'b', sh: meet('b', 'a') }
        ])
      );
      assert.equal(run.state, 'Succeeded');
    }
  },
  {
    name: 'no more jobs than the parallelism of the plan run at once',
    async run(context) {
      // mkdir succeeds for one process only.
      const alone = 'mkdir busy || exit 9; sleep 0.02; rmdir busy';
      const jobs = ['a', 'b', 'c', 'd'].map(name => ({ name, sh: alone }));
      assert.equal((await outcome(context, planOf(jobs, { parallelism: 1 }))).state, 'Succeeded');
    }
  },
  {
    name: 'a job that exits with another code than 0 Failed, with that code, and its children are Omitted',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'exit 3' },
          { name: 'b', sh: 'true', dependsOn: ['a'] },
          { name: 'c', sh: 'true', dependsOn: ['b'] }
        ])
      );
      assert.equal(run.state, 'Failed');
      assert.equal(run.reason, 'job a: exited with code 3');
      assert.equal(phases(run), 'a Failed, b Omitted, c Omitted');
      assert.equal(run.jobs[0]?.exitCode, 3);
      assert.equal(run.jobs[1]?.exitCode, undefined);
      assert.deepEqual(
        run.jobs.map(job => job.attempts),
        [1, 0, 0]
      );
    }
  },
  {
    name: 'with failFast nothing new begins after a failure, and what runs goes on to its end',
    async run({ engine, submit, write }) {
      const { id } = await submit(
        planOf([
          { name: 'slow', sh: waitFor('go') },
          { name: 'bad', sh: 'exit 1' },
          { name: 'next', sh: 'true', dependsOn: ['slow'] }
        ])
      );
      const failing = await until(
        engine,
        id,
        run => run.jobs[1]?.phase === 'Failed' && run.jobs[2]?.phase === 'Omitted'
      );
      assert.equal(failing.state, 'Running');
      await write('go', '');
      const run = await finished(engine, id);
      assert.equal(run.state, 'Failed');
      assert.equal(phases(run), 'slow Succeeded, bad Failed, next Omitted');
    }
  },
  {
    name: 'without failFast independent branches go on, and only descendants of the failed job are Omitted',
    async run(context) {
      const run = await outcome(
        context,
        planOf(
          [
            { name: 'bad', sh: 'exit 1' },
            { name: 'child', sh: 'true', dependsOn: ['bad'] },
            { name: 'good', sh: 'true' },
            { name: 'next', sh: 'true', dependsOn: ['good'] }
          ],
          { failFast: false, parallelism: 1 }
        )
      );
      assert.equal(run.state, 'Failed');
      assert.equal(phases(run), 'bad Failed, child Omitted, good Succeeded, next Succeeded');
    }
  }
];
